# Fonctions communes à ./demarrer et ./tester ; se lit avec « . », depuis la racine du dépôt.

# Celui de Debian d’abord : il est compilé avec ses optimisations, et se met à jour avec le reste du système.
choisir_python() {
    local python
    for python in /usr/bin/python3 python3; do
        if "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return 0
        fi
    done
    echo python3
}

PYTHON="${PYTHON:-$(choisir_python)}"

a_la_bibliotheque() {
    ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"
}

repond() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

a_un_postgresql() {
    command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

paquets_pour_servir() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || echo python3
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || [ -x .venv/bin/python ] || echo python3-venv
    a_la_bibliotheque libpango-1.0.so.0 || echo libpango-1.0-0
    a_la_bibliotheque libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    a_la_bibliotheque libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
}

paquets_pour_essayer() {
    [ -n "${PGHOST:-}${DATABASE_HOST:-}" ] || repond 5432 || a_un_postgresql || echo postgresql
    [ -n "${REDIS_URL:-}" ] || repond 6379 || command -v redis-server >/dev/null || echo redis-server
    [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null || echo chromium
    command -v qpdf >/dev/null || echo qpdf
    command -v pdfsig >/dev/null || echo poppler-utils
    a_la_bibliotheque libatomic.so.1 || echo libatomic1
}

# Installe les paquets Debian absents ; sans les droits, dit la ligne exacte à lancer et s’arrête.
preparer_systeme() {
    local manquants
    manquants="$(paquets_pour_servir; [ "${1:-}" = essais ] && paquets_pour_essayer || true)"
    manquants="$(echo $manquants)"
    [ -n "$manquants" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "Il manque sur cette machine l’équivalent des paquets Debian : $manquants" >&2
        exit 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        echo "Il manque des paquets. Lancez cette ligne, puis recommencez :" >&2
        echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $manquants" >&2
        exit 1
    fi
    echo "Installation de : $manquants"
    export DEBIAN_FRONTEND=noninteractive
    local sortie
    # shellcheck disable=SC2086
    if ! sortie="$(apt-get update -qq 2>&1 && apt-get install -y -qq --no-install-recommends $manquants 2>&1)"; then
        echo "$sortie" >&2
        exit 1
    fi
}

# Crée .venv et y met exactement les versions du fichier donné ; ne fait rien si c’est déjà fait.
preparer_venv() {
    local voulu="$1" fichier
    for fichier in "$voulu" requirements-dev.txt; do
        if [ -x .venv/bin/python ] && [ "$(cat .venv/empreinte 2>/dev/null)" = "$(empreinte "$fichier")" ]; then
            return 0
        fi
    done
    echo "Installation des bibliothèques Python…"
    [ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    .venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install -q --disable-pip-version-check \
        --require-hashes -r .ci/uv.txt
    # Synchroniser retire ce qui n’est pas dans le fichier : un .venv de développement garde ses outils.
    if [ "$voulu" = requirements.txt ] && [ -x .venv/bin/pytest ]; then
        voulu=requirements-dev.txt
    fi
    .venv/bin/python -m uv pip sync -q --python .venv/bin/python --require-hashes "$voulu"
    empreinte "$voulu" > .venv/empreinte
}

empreinte() {
    "$PYTHON" -c 'import hashlib, sys; print(sys.argv[1], hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
}
