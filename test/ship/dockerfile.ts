import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a Dockerfile makes, as a folder instead of an image. */
export type Image = {
  /** The WORKDIR. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  /** Like `1000:1000`. */
  readonly user: string;
  readonly stopSignal: string;
};

type Stage = { alias: string; root: string; workdir: string; env: Record<string, string>; settings: Record<string, string> };

/**
 * Follows the Dockerfile as far as that goes without a container engine: COPY and RUN are done in a folder for each stage, with this
 * machine's Node. An instruction that it does not know fails.
 * @param source the project, as a clean checkout has it
 * @param scratch an empty folder
 */
export function follow(source: string, scratch: string): Image {
  const stages = new Map<string, Stage>();
  const root = join(scratch, 'root'); // of every stage in its turn: what is made of absolute paths holds in the next one
  let stage: Stage = { alias: '', root, workdir: '', env: {}, settings: {} };
  for (const { name, rest } of instructions(readFileSync(join(source, 'Dockerfile'), 'utf8'))) {
    if (name === 'FROM') {
      if (stage.alias) putAside(stage, scratch);
      stage = { alias: / AS (\S+)$/i.exec(rest)?.[1] ?? 'final', root, workdir: '', env: {}, settings: {} };
      stages.set(stage.alias, stage);
    } else follower(name)(stage, rest, source, stages);
  }
  const { workdir, env, settings } = stage;
  return {
    folder: join(root, workdir),
    env,
    command: JSON.parse(settings.CMD ?? ''),
    healthCheck: JSON.parse(settings.HEALTHCHECK?.replace(/^.*? CMD /, '') ?? ''),
    user: settings.USER ?? '',
    stopSignal: settings.STOPSIGNAL ?? '',
  };
}

/** For `spawn`: to be that user, like `1000:1000`. Only root can be somebody else. */
export function identity(user: string | undefined): { uid: number; gid: number } | null {
  if (user === undefined || process.getuid?.() !== 0) return null;
  const [uid, gid] = user.split(':').map(Number);
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

function putAside(stage: Stage, scratch: string): void {
  const aside = join(scratch, stage.alias);
  renameSync(stage.root, aside);
  stage.root = aside;
}

function instructions(dockerfile: string): { name: string; rest: string }[] {
  const text = dockerfile.replace(/^#.*\n/gm, '').replace(/\\\n/g, ' ');
  return [...text.matchAll(/^([A-Z]+) (.+)$/gm)].map(([, name = '', rest = '']) => ({ name, rest }));
}

type Follower = (stage: Stage, rest: string, source: string, stages: Map<string, Stage>) => void;

const set =
  (name: string): Follower =>
  (stage, rest) => {
    stage.settings[name] = rest;
  };

const followers: Record<string, Follower> = {
  WORKDIR: (stage, rest) => {
    stage.workdir = rest;
    mkdirSync(join(stage.root, rest), { recursive: true });
  },
  ENV: (stage, rest) => {
    for (const pair of rest.split(' ')) {
      const [name = '', value = ''] = pair.split('=');
      stage.env[name] = value;
    }
  },
  COPY: (stage, rest, source, stages) => {
    const from = stages.get(/^--from=(\S+) /.exec(rest)?.[1] ?? '');
    const paths = rest.split(' ').filter((word) => !word.startsWith('--'));
    const target = paths.pop() ?? '';
    for (const path of paths) {
      const to = join(stage.root, stage.workdir, target, target.endsWith('/') && !from ? path : '');
      mkdirSync(dirname(to), { recursive: true });
      cpSync(from ? join(from.root, path) : join(source, allowed(source, path)), to, { recursive: true, verbatimSymlinks: true });
    }
  },
  RUN: (stage, rest) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...stage.env };
    execFileSync('sh', ['-ec', rest], { cwd: join(stage.root, stage.workdir), env, stdio: 'pipe', ...identity(stage.settings.USER) });
  },
  ...Object.fromEntries(['CMD', 'HEALTHCHECK', 'USER', 'STOPSIGNAL', 'EXPOSE'].map((name) => [name, set(name)])),
};

function follower(name: string): Follower {
  const found = followers[name];
  if (!found) throw new Error(`the Dockerfile has ${name}, which this does not follow`);
  return found;
}

/** @throws when .dockerignore keeps it from the engine */
function allowed(source: string, path: string): string {
  const lines = readFileSync(join(source, '.dockerignore'), 'utf8').split('\n');
  if (!lines.includes(`!${path}`)) throw new Error(`.dockerignore lets no ${path} through`);
  return path;
}
