# docker build --tag graphql-token-auth .
# test/ship/ follows these lines without a container engine: paths are relative to WORKDIR for that.

FROM node:24-slim AS install
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not --omit=optional: @napi-rs/nice, by which hashing gives way, is optional. The Node among the packages is for machines without one.
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/node-linux-* node_modules/.bin/node
COPY migrations migrations
COPY app app
COPY src src
COPY web web
# What Node makes of the sources is kept, so that a start on a read-only tree does not have to do it again. Each user has their own.
RUN mkdir --mode 777 node_modules/.cache
USER 1000:1000
RUN NODE_COMPILE_CACHE=node_modules/.cache/compile node --max-semi-space-size=8 --input-type=module \
    --eval "await import('./src/server/serve.ts'); await import('./src/features.ts'); await import('./src/server/cluster/supervisor.ts')" && chmod -R a+rX node_modules/.cache/compile

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
# Root's, so the server cannot change its own code, and no embedded database begins here unnoticed, to go with the container.
COPY --from=install /app ./
USER 1000:1000
EXPOSE 4000
# The server does on SIGTERM as process 1 what it does as any other; it starts no process that would have to be reaped.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--disable-warning=ExperimentalWarning", "src/start.js"]
