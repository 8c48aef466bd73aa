import { secrets } from '../src/config/environment.ts';
import { groups } from '../src/config/every-variable.ts';
import { type Documentation, defaultOf, documentation, type Group } from '../src/config/variable.ts';
import { table } from './reference.ts';

const WIDTH = 100; // characters of a comment

type Described = Documentation & { readonly name: string; readonly preset: string | undefined };

/** @throws Error for a variable without documentation, or without anything to show as its default */
function variablesOf({ variables }: Group): Described[] {
  return Object.entries(variables).map(([name, schema]) => {
    const about = documentation.get(schema);
    const preset = defaultOf(schema);
    if (!about) throw new Error(`${name} has no documentation.`);
    if ((preset ?? about.otherwise) === undefined) throw new Error(`${name} has neither a default nor words for what holds without one.`);
    return { ...about, name, preset };
  });
}

/** The file `.env.example`: every variable, commented out. */
export function envExample(): string {
  const intro = commentOf('Copy this file to .env and uncomment what you change. docs/configuration.md explains every variable.');
  return `${[intro, ...groups.map(exampleGroup)].join('\n\n')}\n`;
}

const exampleGroup = (group: Group): string =>
  [`# --- ${group.title} ---`, ...variablesOf(group).map((each) => `${commentOf(each.what)}\n${exampleOf(each)}`)].join('\n');

const exampleOf = ({ name, example, preset = '' }: Described): string => `#${name}=${example ?? preset}`;

/** Markdown as a comment: without backticks, in lines that fit. */
const commentOf = (text: string): string =>
  text
    .replaceAll('`', '')
    .split(' ')
    .reduce(
      (lines, word) => (lines.length - lines.lastIndexOf('\n') + word.length < WIDTH ? `${lines} ${word}` : `${lines}\n# ${word}`),
      '#',
    );

const intro = `# Configuration

Printed from the code by \`npm run schema\`, like [.env.example](../.env.example), which you can copy to \`.env\`.

Set environment variables, or write them to a \`.env\` file in UTF-8 in the working directory; the environment takes precedence over the file. An empty variable counts as unset. The server refuses to start on an invalid value and lists all invalid variables at once, with their values but without secrets. When the name of a variable looks like a misspelled setting (\`DATABASE_URI\`), the log and \`npm run manage check\` warn about it.

Durations are written like \`45s\`, \`10m\`, \`12h\` or \`30d\`.`;

const files = `## Secrets in files

${secrets.map((name) => `\`${name}_FILE\``).join(', ')}: each names a file that holds the value of the variable without \`_FILE\`, for container platforms that mount secrets as files. Set one of the two, not both.`;

/** The page docs/configuration.md. */
export const configurationReference = (): string => `${[intro, ...groups.map(section), files].join('\n\n')}\n`;

const section = (group: Group): string =>
  [`## ${group.title}`, group.intro, table(['variable', 'default', 'meaning'], variablesOf(group).map(row))].filter(Boolean).join('\n\n');

const row = (each: Described): string[] => [`\`${each.name}\``, shownDefault(each), [each.what, each.more].filter(Boolean).join(' ')];

function shownDefault({ preset, otherwise, inProduction }: Described): string {
  const shown = otherwise ?? `\`${preset}\``;
  return inProduction === undefined ? shown : `${shown}; \`${inProduction}\` in production`;
}
