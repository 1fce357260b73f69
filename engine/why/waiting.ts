// Which inputs of a task have tasks that run first. Knows nothing of what changed.
import { bug } from '../errors.ts';
import type { Link } from '../links.ts';
import { isDone, type State } from '../tasks.ts';
import type { Own } from './groups.ts';
import type { Planned } from './present.ts';

/** Returns a function that tells what a task waits for; the same answer for tasks that wait for the same inputs. */
export function waitingFor({ scan, plan }: Planned, place: number): (task: number) => Own {
	const lane = plan.laneOf(place);
	const links = (lane !== undefined && lane.links.length > 0 ? lane.links : scan.expansion.links(place)).flatMap(
		(link) => {
			const upstream = plan.laneOf(link.upstream)?.table;
			return upstream === undefined ? [] : [{ link, states: upstream.states, rule: scan.nameOf(link.upstream) }];
		},
	);
	const known = new Map<string, Own>();
	return (task) => {
		let likeness = '';
		for (const { link, states } of links) likeness += isAnyOpen(link, task, states) ? 'w' : '-';
		const found = known.get(likeness) ?? ownOf(likeness);
		known.set(likeness, found);
		return found;
	};

	function ownOf(likeness: string): Own {
		const inputs = [...likeness].flatMap((letter, at) => {
			const { link, rule } = links[at] ?? bug('no link');
			return letter === 'w' ? [{ name: link.name, rule }] : [];
		});
		return { causes: [{ kind: 'waits', inputs }], likeness };
	}
}

function isAnyOpen(link: Link, task: number, states: Uint8Array): boolean {
	const isOpen = (row: number) => !isDone(states[row] as State);
	if (link.kind === 'one') return isOpen(link.rows[task]!);
	if (link.kind === 'all') return states.some((state) => !isDone(state as State));
	for (let at = link.starts[task]!; at < link.starts[task + 1]!; at++) if (isOpen(link.members[at]!)) return true;
	return false;
}
