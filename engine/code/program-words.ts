// A command or shell line as one text, for people: near what the Scanfile says. Nothing is made of it.
import type { AnyWord, ProgramRecipe } from '../../rules/recipe.ts';

/** `./lif --rate ${rate} ${out spikes.txt}`. */
export function programText(recipe: ProgramRecipe): string {
	const words = recipe.words.map(wordText);
	if (recipe.kind === 'command') return words.join(' ');
	return recipe.text.map((text, at) => `${text}${words[at] ?? ''}`).join('');
}

function wordText(word: AnyWord): string {
	if (typeof word === 'string') return /^[^\s'"]+$/.test(word) ? word : JSON.stringify(word);
	switch (word.kind) {
		case 'param':
			return `\${${word.name}}`;
		case 'out':
			return `\${out ${word.name}}`;
		case 'file':
			return `\${file ${word.input} ${word.name}}`;
		case 'given':
			return `\${given ${word.name}: ${word.words.map(wordText).join(' ')}}`;
	}
}
