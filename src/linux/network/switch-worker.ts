import { workerData } from 'node:worker_threads';
import { runSwitch, type SwitchTask } from './switch-loop.ts';

await runSwitch(workerData as SwitchTask);
