import { SIMULATED_EVENTS, type SimulatedEvent } from '../kommo/events';
import { DEMO_URL } from '../n8n/demo';

const listEvents = (wanted: SimulatedEvent['source']) =>
	SIMULATED_EVENTS.filter(({ source }) => source === wanted)
		.map(({ name, description }) => `  ${name.padEnd(22)}${description}`)
		.join('\n');

/** What `--help` prints */
export const HELP = `Sends events to a Kommo Pipeline Trigger, just as Kommo does, and prints the answers. You need no
Kommo account.

  npm run simulate -- <event...> [options]

Events of the digital pipeline, which also go by their output, such as email:
${listEvents('pipeline')}

Events of the account-wide webhooks, which are Other events to the trigger:
${listEvents('account')}

  all                   one of each

Options:
  --url <URL>           the trigger's Production URL or Test URL, with ?token=... if it wants one
                        (default ${DEMO_URL}, which npm start serves)
  --id <number>         id of the first lead, customer or contact; the next one has the next id
  --count <number>      requests of each event (default 1)
  --rate <number>       requests a second, whether or not earlier ones are answered (default 5)
  --records <number>    leads, customers or contacts in each request (default 1)

Examples:
  npm run simulate -- status --count 100 --rate 20
  npm run simulate -- chat --url "https://n8n.example.com/webhook/1b2c.../kommo?token=..."
`;
