import { DEMO_URL } from '../n8n/demo';
import { isTaken, type Outcome } from './outcome';

const ON_RESULT: Record<string, string> = {
	timeout: "There was no answer in 30 s. Look at n8n's load and log, or lower --rate.",
	ECONNRESET:
		'The connection was closed without a whole answer. Did n8n stop, or does a proxy refuse the body?',
	400: 'The body was refused, though a trigger of this package takes it. Is --url that of another node, or does a proxy change bodies?',
	401: 'The token is missing or wrong. Append ?token=... to --url, and put quotes around it all. The token of a Kommo Pipeline Trigger is in its credential, that of a Kommo Account Trigger in the address that Kommo lists under Web hooks.',
	413: "The body is over n8n's limit. Lower --records, or raise N8N_PAYLOAD_SIZE_MAX of n8n.",
	429: 'Something in front of n8n limits the rate. Lower --rate, or raise that limit: Kommo sends as fast as events come.',
	500: 'n8n failed; its log says why. n8n also answers so when a form is over its limit (N8N_PAYLOAD_SIZE_MAX, 16 MB).',
};

/** By the first digit of the status */
const ON_CLASS: Record<string, string> = {
	3: 'The URL leads elsewhere. Use the address that it leads to, in --url and in Kommo.',
	4: 'A proxy or another program refuses the request, not the trigger. Is --url right?',
	5: 'The proxy in front of n8n got no answer from it. Is n8n running, and has it finished starting?',
};

/** Says how to go on after an answer, or after none. */
export function advise(outcome: Outcome, url: string): string {
	if (!isTaken(outcome)) return adviseOnFailure(outcome, url);
	return isTestUrl(url)
		? 'n8n took it: look in the editor. If it still listens, Trigger On lacks this event, or a filter leaves it out.'
		: 'n8n took it: look at Executions. If there is no new one, Trigger On lacks this event, or a filter leaves it out.';
}

const isTestUrl = (url: string) => new URL(url).pathname.includes('/webhook-test/');

function adviseOnFailure({ result, says }: Outcome, url: string): string {
	const { origin, hostname } = new URL(url);
	switch (result) {
		case 'ECONNREFUSED':
			return `Nothing listens at ${origin}. Run npm start in another terminal (with the same PORT, if you set one), or name your own trigger's URL with --url.`;
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return `There is no host named ${hostname}. Is there a typo in --url, or no network?`;
		case 404:
			return adviseOnNotFound(says, url);
	}
	const advice = ON_RESULT[result] ?? (typeof result === 'number' && ON_CLASS[String(result)[0]!]);
	if (advice) return advice;
	return url.startsWith('https:')
		? 'There was no secure connection. Does n8n speak HTTPS there (else use http://), with a valid certificate?'
		: 'There was no answer in HTTP. Is --url right?';
}

/** Only n8n says that a webhook is "not registered". */
function adviseOnNotFound(says: string, url: string): string {
	if (url === DEMO_URL) {
		return "What listens there is not the n8n that npm start runs. Name your own trigger's URL with --url.";
	}
	if (!says.includes('not registered')) {
		return "Nothing is at this path. Copy the trigger's Production URL or Test URL from n8n.";
	}
	if (says.includes('Did you mean')) {
		return 'The webhook takes no POST, so it is that of another node. Copy the URL of the trigger.';
	}
	return isTestUrl(url)
		? 'n8n is not listening for a test event. Click "Execute step" in the trigger, then send again: each click takes one event.'
		: 'The workflow is not published, or this is not the URL of its trigger. Publish (activate) it, or copy its Production URL.';
}
