# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    XDG_CACHE_HOME=/tmp
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
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
    ENCADREMENT_STATIC=/application/staticfiles
# Ces valeurs ne servent qu’à rassembler les fichiers statiques ; aucune ne reste dans l’image.
RUN SECRET_KEY=construction ALLOWED_HOSTS=construction ADRESSE_PUBLIQUE=https://construction REDIS_URL=redis://construction \
    CLES_CHAMPS=construction SCEAU_PKCS12=construction SCEAU_PHRASE=construction COURRIEL_DRHCAJ=construction \
    EMAIL_HOST=construction python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 encadrement \
    && mkdir /donnees && chown encadrement /donnees && chmod 700 /donnees
USER encadrement
VOLUME /donnees
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/sante/', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0], 'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["gunicorn", "encadrement.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--max-requests", "2000", "--max-requests-jitter", "200"]
