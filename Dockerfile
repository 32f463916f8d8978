# One image for the servers, the worker and the migrations; compose.yaml says who does what.
# Pinned by tag: no registry could be asked for a digest where this was written. To pin one yourself:
#   docker buildx imagetools inspect python:3.13-slim

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# requirements-fcm.txt holds the same and what brings notices to apps.
ARG REQUIREMENTS=requirements.txt
COPY ${REQUIREMENTS} /tmp/requirements.txt
# Ready-made wheels only, but for one package in plain Python that has none: nothing is compiled, so nothing that compiles is needed.
RUN python -m venv --without-pip /opt/venv \
 && python -m pip --python /opt/venv/bin/python install --require-hashes --only-binary=:all: --no-binary=http-ece -r /tmp/requirements.txt
WORKDIR /app
COPY . .
RUN MAATJE_CREATE_KEYS=no /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
 && MAATJE_CREATE_KEYS=no /opt/venv/bin/python manage.py compile_lists \
 && /opt/venv/bin/python -m compileall -q .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Maatje" \
      org.opencontainers.image.description="Peer support messaging: buddies and participants talk, and nothing is ever lost."
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip \
 && groupadd --gid 10001 maatje \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin maatje \
 && install -d -o maatje -g maatje -m 0700 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
# Everything outside /data may be read-only.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MAATJE_DATA=/data \
    MAATJE_STATIC_FINDERS=no
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "manage.py", "health"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--port", "8000", "--empty"]
