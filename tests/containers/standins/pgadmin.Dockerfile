ARG PYTHON
FROM ${PYTHON}
ARG VERSION
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir "pgadmin4==${VERSION}" gunicorn \
    && apt-get update && apt-get install -y --no-install-recommends libcap2-bin \
    && useradd --uid 5050 --gid 0 --home-dir /var/lib/pgadmin pgadmin \
    && install -d -o pgadmin -g root /var/lib/pgadmin \
    && ln -s "$(/venv/bin/python -c 'from importlib.util import find_spec; print(find_spec("pgadmin4").submodule_search_locations[0])')" /pgadmin4 \
    && touch /pgadmin4/config_distro.py && chown pgadmin /pgadmin4/ /pgadmin4/config_distro.py
COPY --chmod=0755 pgadmin-entrypoint.sh /entrypoint.sh
WORKDIR /pgadmin4
USER pgadmin
VOLUME /var/lib/pgadmin
EXPOSE 80 443
ENTRYPOINT ["/entrypoint.sh"]
