// How a relay cell of the thalamus passes on what the retina tells it: fixtures/retina-lgn/README.md.
// Run it with `npx scanmake -f Scanfile.example.ts analyze`, and once more to see nothing rerun.

import { aggregate, analyze, generate, geomspace, grid, linspace, scan, simulate } from 'scanmake';
import { drawTuning } from './fixtures/retina-lgn/analysis.ts';
import { poissonInput } from './fixtures/retina-lgn/input.ts';
import { relayCell } from './fixtures/retina-lgn/relay.ts';
import { meanResponse } from './fixtures/retina-lgn/response.ts';

const stimulus = grid({
	amplitude: [0, 0.25, 0.5, 1], // modulation depth
	frequency: geomspace(1, 64, 7), // Hz
}).drop('frequency', (p) => p.amplitude === 0); // singular: no modulation has no frequency

const cell = stimulus.times(grid({ weight: linspace(8, 28, 6) })); // peak conductance of the synapse, nS

const input = generate({ over: stimulus.trials(20), run: poissonInput });
const spikes = simulate({ over: cell.trials(20), from: { input }, run: relayCell });
const response = aggregate({ from: spikes, by: ['weight', 'amplitude', 'frequency'], run: meanResponse });
const tuning = analyze({ from: { response }, run: drawTuning });

export default scan({ input, spikes, response, analyze: tuning });
