# One image for every role: `run`, `run --web`, `run --worker`, `run --sources`, and each command of the CLI.
#
# Python 3.11 on bookworm, because that is what the tests run on and what these steps were tried on. For a build
# that is the same next year, give the digest of an image you have looked at:
#   docker buildx imagetools inspect python:3.11-slim-bookworm
#   docker build --build-arg PYTHON=3.11-slim-bookworm@sha256:... -t levelhead:0.1.0 .
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /opt/levelhead
# The parts first: they change less often than the code, so their layer is kept from build to build.
COPY requirements.lock ./
RUN /opt/levelhead/bin/python -m pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY bot ./bot
COPY adapters ./adapters
COPY prompts ./prompts
# What only builds is taken out again. Bytecode by hash and unchecked: the final file system is never written to.
RUN /opt/levelhead/bin/python -m pip install --no-deps --no-build-isolation . \
    && /opt/levelhead/bin/python -m pip uninstall --yes hatchling editables trove-classifiers setuptools pip \
    && python -m compileall -q -f --invalidation-mode unchecked-hash /opt/levelhead/lib

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Levelhead" \
    org.opencontainers.image.description="Negative mentions to the team, each with a calm reply for a person to approve" \
    org.opencontainers.image.version="0.1.0"
# tini is process 1: it hands SIGTERM on, and buries what nobody waits for. The uid is fixed, for volumes. The link
# is for the demo, which keeps its data beside its settings; a mounted folder hides it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 levelhead \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/levelhead --shell /usr/sbin/nologin levelhead \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/levelhead \
    && install --directory /etc/levelhead \
    && ln -s /var/lib/levelhead /etc/levelhead/data
COPY --from=build /opt/levelhead /opt/levelhead
ENV PATH=/opt/levelhead/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# Here stand levelhead.toml and team.toml, mounted for reading. Only the volume is written to.
WORKDIR /etc/levelhead
VOLUME /var/lib/levelhead
USER 10001:10001
EXPOSE 8080 8081 8082
STOPSIGNAL SIGTERM
# The ops door of this very container, in every role; no proxy of the environment stands between.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/opt/levelhead/bin/python", "-I", "-S", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8082, timeout=4); c.request('GET', '/healthz/live'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["tini", "--", "levelhead"]
CMD ["run"]
