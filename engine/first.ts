// Asks one after the other until something is said, at once where it can be: a promise for each of a million tasks costs
// more than most answers. Knows not what is asked.

/** Said at once, or later where it takes a while. */
export type Said = string | undefined | Promise<string | undefined>;

/** What is first said of the items; nothing is asked after it. */
export function firstSaid<Item>(items: Iterator<Item>, ask: (item: Item) => Said): Said {
	for (let next = items.next(); next.done !== true; next = items.next()) {
		const said = ask(next.value);
		if (said instanceof Promise) return firstAfter(said, items, ask);
		if (said !== undefined) return said;
	}
	return undefined;
}

async function firstAfter<Item>(first: Promise<string | undefined>, items: Iterator<Item>, ask: (item: Item) => Said) {
	let said = await first;
	for (let next = items.next(); said === undefined && next.done !== true; next = items.next()) {
		const answer = ask(next.value);
		said = answer instanceof Promise ? await answer : answer;
	}
	return said;
}

/** What is said of each of the items, one after the other; undefined: nothing of any. */
export async function allSaid<Item>(
	items: Iterable<Item>,
	ask: (item: Item) => Said,
): Promise<readonly (string | undefined)[] | undefined> {
	const all: (string | undefined)[] = [];
	let isAnySaid = false;
	for (const item of items) {
		const answer = ask(item);
		const said = answer instanceof Promise ? await answer : answer;
		isAnySaid ||= said !== undefined;
		all.push(said);
	}
	return isAnySaid ? all : undefined;
}
