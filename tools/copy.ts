// The step of the build behind `tsc`: what is no TypeScript and comes along is copied to where the modules are.
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('..', import.meta.url));

for (const name of readdirSync('engine', { recursive: true, encoding: 'utf8' })) {
	if (!name.endsWith('.py')) continue;
	const target = join(dist, 'engine', name);
	mkdirSync(dirname(target), { recursive: true });
	copyFileSync(join('engine', name), target);
}
