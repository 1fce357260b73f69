// What can be typed of a scan: its targets, their parameters, the values of these. Opens no store.
// Knows no command line; made to be asked at every press of a key, so what costs time is left out.
import { join } from 'node:path';
import { type Expression, expression } from '../rules/expression.ts';
import { parametersOf } from '../rules/rule.ts';
import { loadScan } from './code/load.ts';
import { openScan } from './opened.ts';
import { findScanfile, storeFolder } from './place.ts';
import { conditionWord, holds, parseCondition } from './where.ts';

/** The names of a scan. */
export interface ScanNames {
	readonly targets: readonly string[];
	/** Of a target; none where there is no such target. `seed` aside. */
	parametersOf(target: string): readonly string[];
	/** `name=value` words, in the order of the axis; none where that would take long. */
	conditionsOf(target: string, parameter: string): readonly string[];
}

/** Spaces of more sets are not laid out for a list of values. */
const largestSpace = 200_000;
const mostValues = 1000;

/** Reads the Scanfile in reach; throws what loading it throws. */
export async function scanNames(options: {
	readonly file: string | undefined;
	readonly store: string | undefined;
	readonly cwd: string;
}): Promise<ScanNames> {
	const scanfile = findScanfile(options.file, options.cwd);
	const cacheFolder = join(storeFolder(options.store, scanfile, options.cwd), 'scanfiles');
	const scan = openScan(await loadScan({ file: scanfile, cacheFolder, readOnly: true }));
	const ruleOf = (target: string) => {
		const place = scan.placeOf(target);
		const rule = place === undefined ? undefined : scan.rules[place];
		return place === undefined || rule === undefined ? undefined : { place, rule };
	};
	return {
		targets: scan.loaded.scan.targets.map(({ name }) => name),
		parametersOf(target) {
			const found = ruleOf(target);
			return found === undefined ? [] : parametersOf(found.rule).filter((name) => name !== 'seed');
		},
		conditionsOf(target, parameter) {
			const found = ruleOf(target);
			if (found === undefined) return [];
			const below = found.rule.kind === 'aggregate' ? Object.values(found.rule.from)[0] : found.rule;
			if (below?.over === undefined || largestSize(below.over[expression]) > largestSpace) return [];
			const { columns } = scan.expansion.layout(found.place);
			const values = columns.find(({ name }) => name === parameter)?.values ?? [];
			return values.slice(0, mostValues).map((value) => wordOf(parameter, value));
		},
	};
}

/** As one would type it: quotes within the word only where it would be read as something else. */
function wordOf(name: string, value: Parameters<typeof conditionWord>[1]): string {
	if (typeof value === 'string' && value !== '' && !/[|"'\\]|\.\.|^\s|\s$/.test(value)) {
		const word = `${name}=${value}`;
		if (holds(parseCondition(word), value)) return word;
	}
	return conditionWord(name, value);
}

/** How many sets a space may have at most, without laying it out. */
function largestSize(node: Expression): number {
	switch (node.kind) {
		case 'grid':
			return node.axes.reduce((size, { values }) => size * values.length, 1);
		case 'rows':
			return node.size;
		case 'times':
			return largestSize(node.left) * largestSize(node.right);
		case 'plus':
			return largestSize(node.left) + largestSize(node.right);
		case 'trials':
			return largestSize(node.of) * node.count;
		default:
			return largestSize(node.of);
	}
}
