// When a command or shell line is the same code: its words as they are written and what its output is read as. The files
// that it names count by themselves. Starts nothing and looks at no file.
import type { ProgramRecipe } from '../../rules/recipe.ts';
import { digestBytes, hex } from '../digest.ts';
import type { RuleIdentity } from './identity.ts';
import { programText } from './program-words.ts';
import type { Part } from './reach.ts';

/** Raised when identities are computed in another way, which reruns everything. */
const identityVersion = 1;

/** Longer lines are not shown. */
const longestShown = 200;

/** The identity of a command or a shell line. Its parts are its words (`command` or `shell`) and its `output`: one is another where the digest is. */
export function programIdentity(recipe: ProgramRecipe): RuleIdentity {
	const { kind, words, output } = recipe;
	const said = JSON.stringify(kind === 'shell' ? { text: recipe.text, words } : { words });
	const digest = digestBytes(`scanmake program ${identityVersion}\n${kind}\n${output}\n${said}\n`);
	const part = (name: string, text: string, shown: string): Part => ({
		...{ file: '', name, digest: hex(digestBytes(text)), kind: 'words' },
		...(shown.length <= longestShown ? { shown } : {}),
	});
	const line = programText({ ...recipe, output: 'nothing' });
	return { digest, parts: [part(kind, said, line), part('output', output, output)] };
}
