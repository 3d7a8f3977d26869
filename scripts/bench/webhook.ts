import { readEvents } from '../../nodes/shared/decoding/payload';
import { loadPackage } from '../../test/support/builtPackage';
import { BuiltTrigger } from '../../test/support/builtTrigger';
import { makeStageChanges } from './bodies';
import { formatRatio, measure, printTable } from './measure';

/** Prints how long all of `webhook()` takes for one event, in the context that n8n-core gives it. */
export async function benchWebhook(): Promise<void> {
	await loadPackage();
	const body = makeStageChanges(1);
	const token = 'correct-horse-battery';
	const plain = new BuiltTrigger();
	const verified = new BuiltTrigger({ parameters: { verification: 'urlToken' }, token });
	const { whole, withToken, decoding } = await measure({
		whole: () => plain.receive({ body }),
		withToken: () => verified.receive({ body, query: { token } }),
		decoding: () => readEvents(body),
	});
	printTable(
		'webhook() for one event',
		['', 'Time, µs'],
		[
			['webhook()', whole.time.toFixed(0)],
			['webhook() with a token', withToken.time.toFixed(0)],
			['the decoding in it', decoding.time.toFixed(0)],
		],
	);
	console.log(`\nwebhook() takes ${formatRatio(decoding.ratio)} the time of its decoding`);
}
