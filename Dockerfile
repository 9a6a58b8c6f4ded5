# syntax=docker/dockerfile:1
# Une image pour tous les rôles : web, travailleur, métronome, commandes, puits de courriels de l’essai.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    XDG_CACHE_HOME=/tmp
# postgresql-client : la sauvegarde appelle pg_dump.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 postgresql-client \
    && rm -rf /var/lib/apt/lists/*

FROM base AS bibliotheques
COPY .ci/uv.txt requirements.txt /tmp/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes -r /tmp/uv.txt \
    && /opt/venv/bin/uv pip sync --python /opt/venv/bin/python --require-hashes /tmp/requirements.txt \
    && /opt/venv/bin/pip uninstall -y uv pip

FROM base
COPY --from=bibliotheques /opt/venv /opt/venv
WORKDIR /application
COPY manage.py ./
COPY encadrement ./encadrement
COPY mentorat ./mentorat
COPY cdp ./cdp
COPY consultation ./consultation
COPY concertation ./concertation
COPY templates ./templates
COPY static ./static
ENV PATH="/opt/venv/bin:$PATH" \
    DJANGO_SETTINGS_MODULE=encadrement.settings.prod \
    ENCADREMENT_VAR=/donnees \
    COFFRE=/coffre \
    ENCADREMENT_STATIC=/application/staticfiles
# Les dossiers naissent au nom du compte : un volume neuf en hérite.
RUN DJANGO_SETTINGS_MODULE=encadrement.settings.statiques python manage.py collectstatic --noinput \
    && groupadd --gid 10001 encadrement \
    && useradd --uid 10001 --gid 10001 --no-create-home --no-log-init --shell /usr/sbin/nologin encadrement \
    && install -d -o encadrement -g encadrement -m 700 /donnees /coffre
USER encadrement
VOLUME ["/donnees", "/coffre"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/sante/', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0], 'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["gunicorn", "-c", "python:encadrement.serveur", "--bind", "0.0.0.0:8000"]
