import { memoryStore } from '../../../engine/store/memory.ts';
import { storeContract } from './contract.ts';

storeContract('in memory', async () => memoryStore());
