// The store in memory keeps what every store promises.
// Knows nothing of the disk.
import { memoryStore } from '../../../engine/store/memory.ts';
import { storeContract } from './contract.ts';
import { collectContract } from './contract-gc.ts';
import { snapshotContract } from './contract-snapshots.ts';

storeContract('in memory', async () => memoryStore());
collectContract('in memory', async () => memoryStore());
snapshotContract('in memory', async () => memoryStore());
