import { ensureRuntime } from './runtime';

void ensureRuntime().then(({ n8n }) => console.log(`n8n is installed: ${n8n}`));
