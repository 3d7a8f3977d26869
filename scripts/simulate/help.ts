import { DEMO_URL } from '../n8n/demo';
import { SIMULATED_EVENTS, type Source } from '../kommo/events';
import { OPTION_NAMES, OPTIONS } from './options';

const WIDTH = 22;

/** What `--help` prints. */
export function writeHelp(): string {
	const customers = SIMULATED_EVENTS.filter(({ name }) => name.startsWith('customers.'));
	return `Sends events to a Kommo Pipeline Trigger, just as Kommo does, and prints the answers. You need no
Kommo account.

  npm run simulate -- <event...> [options]

Events of the digital pipeline, which also go by their output, such as email:
${listEvents('pipeline')}
  They are about a lead where there are both. About a customer:
  ${customers.map(({ name }) => name).join(', ')}

Events of the account's general webhooks, which leave on the output Other:
${listEvents('account')}

${row('all', 'one of each')}

Options:
${listOptions()}

Examples:
  npm run simulate -- status
  npm run simulate -- chat customers.chat --url "https://n8n.example.com/webhook/1b2c.../kommo?token=..."
  npm run simulate -- status --count 100 --rate 20

Without --url they go to the n8n that \`npm start\` runs on this machine:
  ${DEMO_URL}
`;
}

function listEvents(source: Source): string {
	return SIMULATED_EVENTS.filter((event) => event.source === source)
		.filter(({ name, action }) => source === 'account' || name === action)
		.map(({ name, description }) => row(name, description))
		.join('\n');
}

function listOptions(): string {
	return OPTION_NAMES.map((name) => {
		const option = OPTIONS[name];
		const byDefault = 'default' in option ? ` (default ${option.default})` : '';
		return row(`--${name} <${option.value}>`, option.description + byDefault);
	}).join('\n');
}

function row(name: string, description: string): string {
	return `  ${name.padEnd(WIDTH)}${description}`;
}
