// `scanmake graph`: the rules and what they take from each other, for Mermaid, Graphviz or a program.
// Draws nothing itself.
import { UserError } from '../../engine/errors.ts';
import type { RuleNode } from '../../engine/report.ts';
import { nearest } from '../../rules/nearest.ts';
import { Option, ScanCommand } from '../command.ts';
import { counted } from '../numbers.ts';

const formats = { mermaid, dot, json } as const;

/** Shows the rules. */
export class GraphCommand extends ScanCommand {
	static override paths = [['graph']];
	static override usage = {
		category: 'Look',
		description: 'the rules and what they take from each other, for Mermaid or Graphviz',
		examples: [['As a picture, by Graphviz', '$0 graph --format dot | dot -Tsvg > rules.svg']] satisfies [
			string,
			string,
		][],
	};
	format = Option.String('--format', { description: 'mermaid (default), dot or json' });

	override async execute(): Promise<number> {
		const format = this.format ?? (this.json ? 'json' : 'mermaid');
		const text = Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : undefined;
		if (text === undefined) {
			const near = nearest(format, Object.keys(formats));
			const hint = near === undefined ? 'There are mermaid, dot and json.' : `Did you mean ${near}?`;
			throw new UserError('usage', `There is no format ${format}. ${hint}`);
		}
		if (this.words.length > 0) {
			throw new UserError(
				'usage',
				`scanmake graph shows all rules; ${JSON.stringify(this.words[0])} is one word too many.`,
			);
		}
		const rules = await this.withEngine({ mode: 'read' }, (engine) => engine.graph());
		await this.say(`${text(rules)}\n`);
		return 0;
	}
}

function json(rules: readonly RuleNode[]): string {
	return JSON.stringify({ rules });
}

function mermaid(rules: readonly RuleNode[]): string {
	const shapes = {
		generate: ['([', '])'],
		simulate: ['[', ']'],
		aggregate: ['[/', '\\]'],
		analyze: ['{{', '}}'],
	} as const;
	const nodes = rules.map((rule, at) => {
		const [open, close] = shapes[rule.kind];
		return `  r${at}${open}"${mermaidText(rule.name)}<br/>${rule.kind}, ${counted(rule.tasks, 'task')}"${close}`;
	});
	const edges = edgesOf(rules).map(
		(edge) => `  r${edge.from} -->${edge.label === '' ? '' : `|"${mermaidText(edge.label)}"|`} r${edge.to}`,
	);
	return ['flowchart TD', ...nodes, ...edges].join('\n');
}

function dot(rules: readonly RuleNode[]): string {
	const nodes = rules.map(
		(rule, at) => `  r${at} [label=${dotText(`${rule.name}\n${rule.kind}, ${counted(rule.tasks, 'task')}`)}];`,
	);
	const edges = edgesOf(rules).map(
		(edge) => `  r${edge.from} -> r${edge.to}${edge.label === '' ? '' : ` [label=${dotText(edge.label)}]`};`,
	);
	return ['digraph scan {', '  node [shape=box];', ...nodes, ...edges, '}'].join('\n');
}

/** Arrows in the direction of the data; labelled where the name under which it is taken is another than the rule's. */
function edgesOf(rules: readonly RuleNode[]): readonly { from: number; to: number; label: string }[] {
	const places = new Map(rules.map((rule, at) => [rule.name, at]));
	return rules.flatMap((rule, to) =>
		rule.from.flatMap(({ as, rule: name }) => {
			const from = places.get(name);
			const label = as === name || as === 'from' || name.endsWith(`.${as}`) ? '' : as;
			return from === undefined ? [] : [{ from, to, label }];
		}),
	);
}

function mermaidText(text: string): string {
	return text.replace(/[#"<>]/g, (character) => `#${character.charCodeAt(0)};`);
}

function dotText(text: string): string {
	return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
