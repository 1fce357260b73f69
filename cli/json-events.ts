// A build as lines of JSON, one for each event of the engine as it happens: for programs that follow a build.
// The lines are documented in docs/events.md. Knows neither the engine nor the terminal.
import type { Writable } from 'node:stream';
import type { EngineEvent } from '../engine/events.ts';

/** The lines of one build. */
export interface EventLines {
	listen(event: EngineEvent): void;
	/** The last line; `report` is the JSON text that `--json` would give. */
	end(report: string): void;
}

/** Begins with a line that says who speaks. Where nobody reads any more, nothing is written and nothing fails. */
export function eventLines(stream: Writable, head: { readonly version: string; readonly command: string }): EventLines {
	const write = (line: string): void => {
		if (!stream.destroyed && stream.errored === null) stream.write(`${line}\n`);
	};
	write(JSON.stringify({ kind: 'scanmake', ...head }));
	return {
		listen: (event) => write(JSON.stringify(event)),
		end: (report) => write(`{"kind":"ended","report":${report}}`),
	};
}
