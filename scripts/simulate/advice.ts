import { DEMO_URL } from '../n8n/demo';
import type { Outcome } from './outcome';

const ON_ERROR: Record<string, string> = {
	timeout:
		"There was no answer in time. Look at n8n's load and log, lower --rate, or wait longer with --wait.",
	ECONNRESET:
		'The connection was closed without an answer. Did n8n stop, or is there a proxy that refuses the body?',
	ETIMEDOUT:
		'The host did not take the connection in time. Is it up, and does a firewall let you reach that port?',
	EHOSTUNREACH: 'The host cannot be reached. Is it up, and on a network that you are on?',
	ENETUNREACH:
		'No network leads to that host. Are you online, and does the host have only an IPv6 address?',
	EADDRNOTAVAIL:
		'This machine has no port left for another connection, or the address takes none. Lower --rate, or look at --url.',
	EPIPE:
		'The connection was closed within the body. Is there a proxy that refuses it? Lower --records.',
	EMFILE: 'This machine has no more connections to give. Lower --rate.',
};

const ON_STATUS: Record<number, string> = {
	400: 'The body was refused, though a Kommo Pipeline Trigger takes it. Is --url that of another node, or does a proxy change bodies?',
	401: 'The token is missing or wrong. Append ?token=... to --url, with the token of the credential, and put quotes around it all.',
	413: "The body is over n8n's limit. Lower --records, or raise N8N_PAYLOAD_SIZE_MAX of n8n.",
	429: 'Something in front of n8n limits the rate. Lower --rate, or raise that limit: Kommo sends as fast as events come.',
	500: "n8n failed; its log says why. A form over n8n's limit (N8N_PAYLOAD_SIZE_MAX, 16 MB) ends so too.",
};

/** By the first digit of the status */
const ON_CLASS: Record<number, string> = {
	3: 'The URL leads elsewhere. Give --url, and Kommo, the address that it leads to.',
	4: 'What refuses the request is no Kommo Pipeline Trigger, but a proxy or another program. Is --url right?',
	5: 'The proxy in front of n8n has no answer from it. Does n8n run, and is it done starting?',
};

const NO_DEMO =
	"What listens there is not the n8n that npm start runs. Name your own trigger's URL with --url.";

const NO_HTTP = 'What answers there does not speak HTTP, or not as it should. Is --url right?';

const OTHER_PORT = ' If npm start runs with PORT, use the command that it printed.';

/** What Node says where the connection ends after the answer's headers */
const CUT_SHORT = 'aborted';
const ON_CUT =
	'The connection was closed before the end of its answer. Did n8n stop, or does a proxy cut answers off?';

/** How to go on after an answer that is not 2xx, or none, in a line. */
export function advise(outcome: Outcome, url: string): string {
	const { origin, pathname, hostname } = new URL(url);
	const { result, says } = outcome;
	switch (result) {
		case 'ECONNREFUSED':
			return `Nothing listens at ${origin}. Run npm start in another terminal, or name your own trigger's URL with --url.${url === DEMO_URL ? OTHER_PORT : ''}`;
		case 'ECONNRESET':
			return says === CUT_SHORT ? ON_CUT : ON_ERROR.ECONNRESET!;
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return `No host is known as ${hostname}. Is there a typo in --url, or no network?`;
		case 404:
			return url === DEMO_URL ? NO_DEMO : adviseOnNotFound(outcome, pathname);
	}
	if (typeof result === 'string') return ON_ERROR[result] ?? adviseOnConnection(result, url);
	return ON_STATUS[result] ?? ON_CLASS[Math.floor(result / 100)] ?? 'Is --url right?';
}

/** Of n8n's own 404 and of others: only n8n says that a webhook is not registered. */
function adviseOnNotFound({ says }: Outcome, pathname: string): string {
	if (!says.includes('not registered')) {
		return "Nothing is at this path. Copy the trigger's Production URL or Test URL from n8n.";
	}
	if (says.includes('Did you mean')) {
		return 'The webhook takes no POST, so it is that of another node. Copy the URL of the Kommo Pipeline Trigger.';
	}
	return pathname.includes('/webhook-test/')
		? 'n8n is not listening for a test event. Click "Execute step" in the trigger, then send again: each click takes one request.'
		: 'The workflow is not published, or this is not the URL of its trigger. Publish (activate) it, or copy its Production URL.';
}

function adviseOnConnection(code: string, url: string): string {
	if (code.startsWith('HPE_')) return NO_HTTP;
	return url.startsWith('https:')
		? 'No secure connection came about. Does n8n speak HTTPS there (else use http://), with a certificate that is valid?'
		: 'No connection came about. Is --url right?';
}
