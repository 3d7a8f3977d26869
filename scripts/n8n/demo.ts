/** The port of the n8n that `npm start` runs */
export const DEMO_PORT = Number(process.env.PORT || 5678);

/** A sentence for the user if PORT is wrong */
export const PORT_PROBLEM =
	Number.isInteger(DEMO_PORT) && DEMO_PORT >= 1 && DEMO_PORT <= 65_535
		? undefined
		: `PORT must be a whole number from 1 to 65535, not "${process.env.PORT}".`;

/**
 * The webhook id of the example workflow in that n8n. Everybody knows it. That is no risk, because that n8n
 * listens on this machine only and deletes its data when it stops.
 */
export const DEMO_WEBHOOK_ID = 'demo';

export const DEMO_URL = `http://127.0.0.1:${DEMO_PORT}/webhook/${DEMO_WEBHOOK_ID}/kommo`;

/** The port of Kommo's stand-in, to which `npm run simulate -- message` writes as a customer */
export const CHAT_PORT = DEMO_PORT + 1;

export const CHAT_URL = `http://127.0.0.1:${CHAT_PORT}/`;
