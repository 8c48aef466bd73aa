import { writeFileSync } from 'node:fs';
import '../src/features.ts';
import { sdl } from '../src/graphql/schema.ts';
import { configurationReference, envExample } from './configuration.ts';
import { reference } from './reference.ts';

const write = (path: string, text: string) => writeFileSync(new URL(path, import.meta.url), text);

write('../schema.graphql', sdl());
write('../docs/schema.md', reference(sdl()));
write('../.env.example', envExample());
write('../docs/configuration.md', configurationReference());
