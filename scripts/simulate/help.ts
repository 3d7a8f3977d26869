import { SIMULATED_EVENTS, type SimulatedEvent } from '../kommo/events';
import { makeCommand } from './arguments';

const eventsOf = (wanted: SimulatedEvent['source']) =>
	SIMULATED_EVENTS.filter(({ source }) => source === wanted);

const PIPELINE_EVENTS = eventsOf('pipeline')
	.filter(({ name, action }) => name === action)
	.map(({ name, description }) => `  ${name.padEnd(22)}${description?.split('.')[0]}`)
	.join('\n');

const OF_CUSTOMERS = eventsOf('pipeline')
	.map(({ name }) => name)
	.filter((name) => name.startsWith('customers.'))
	.join(' ');

/** A line for each entity, with its actions */
const ACCOUNT_EVENTS = [...new Set(eventsOf('account').map(({ name }) => name.split('.')[0]!))]
	.map((entity) => {
		const own = eventsOf('account').filter(({ name }) => name.startsWith(`${entity}.`));
		const actions = own.map(({ name }) => name.split('.')[1]);
		return `  ${entity.padEnd(22)}${actions.join(' ')}`;
	})
	.join('\n');

/** What `--help` prints */
export const HELP = `${makeCommand().helpInformation()}
Events of the digital pipeline, which also go by their output, such as email:
${PIPELINE_EVENTS}
  Of a customer in place of a lead: ${OF_CUSTOMERS}

Events of the account-wide webhooks, such as message.add, or by Kommo's code, such as add_message:
${ACCOUNT_EVENTS}

  all                   one of each
  message "Hi"          a customer's message, and what n8n answers, with npm start -- --kommo

With npm start -- --kommo, what Kommo's list of events has also reaches Kommo Polling Trigger.

PORT is the port of that n8n, if it is not 5678.

Examples:
  npm run simulate -- status --count 100 --rate 20
  npm run simulate -- status --pipeline 752662 --stage 142
  npm run simulate -- add_message --url "https://n8n.example.com/webhook/1b2c.../kommo?token=..."
`;
