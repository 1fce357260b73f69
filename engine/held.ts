// Whether so much waits to be recorded that workers shall wait with what they have. Knows neither workers nor the store.

/** Bytes of values: from so many on nothing more is read, until half of it is recorded. */
const mostWaitingBytes = 256 * 1024 * 1024;

/** Returns a function to tell of bytes that wait (or, below zero, wait no more); `hold` is called at each turn. */
export function held(hold: (isHeld: boolean) => void): (bytes: number) => void {
	let waiting = 0;
	let isHeld = false;
	return (bytes) => {
		waiting += bytes;
		if (isHeld ? waiting > mostWaitingBytes / 2 : waiting <= mostWaitingBytes) return;
		isHeld = !isHeld;
		hold(isHeld);
	};
}
