// The room that workers take while one of their interpreters runs tasks: that of one task of the rule.
// Knows neither tasks nor processes.
import type { PythonKind } from './python-kinds.ts';
import type { PythonSlot } from './python-slot.ts';
import { type Demand, isSameDemand, type Room } from './room.ts';

/** Room of the machine, by worker. */
export interface SlotRoom {
	/** Whether the worker may have tasks of this demand now: it takes the room for one of them. */
	take(slot: PythonSlot, kind: PythonKind, demand: Demand): boolean;
	/** A worker that has nothing to run takes no room. */
	release(slot: PythonSlot): void;
}

/** No worker has taken any. */
export function slotRoom(room: Room): SlotRoom {
	function release(slot: PythonSlot): void {
		if (slot.runs.length > 0) return;
		if (slot.taken !== undefined) room.free(slot.taken.demand);
		slot.taken = undefined;
	}

	return {
		release,
		take(slot, kind, demand) {
			if (slot.taken?.kind === kind && isSameDemand(slot.taken.demand, demand)) return true;
			if (slot.runs.length > 0) return false;
			release(slot);
			if (!room.take(demand)) return false;
			slot.taken = { kind, demand };
			return true;
		},
	};
}
