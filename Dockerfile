# The coach as an image: built in one stage, run in another that has no build tools.
FROM python:3.11.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY coach coach
COPY knowledge knowledge
COPY prompts prompts
RUN /venv/bin/pip install --no-cache-dir --no-deps . && /venv/bin/pip uninstall -y pip

FROM python:3.11.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home coach \
  && mkdir /data && chown coach:coach /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH COACH_HOME=/data
USER coach
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["coach", "serve", "--host", "0.0.0.0", "--port", "8000"]
