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

export const DEMO_ORIGIN = `http://127.0.0.1:${DEMO_PORT}`;

export const DEMO_URL = `${DEMO_ORIGIN}/webhook/${DEMO_WEBHOOK_ID}/kommo`;

/**
 * The address that this n8n gives to Kommo's stand-in, and shows in the editor. It must look public: the
 * account trigger refuses others. It leads to this n8n for the stand-in and for `npm run simulate`.
 */
export const PUBLIC_ADDRESS = 'https://n8n.example.com';

/** The port of Kommo's stand-in, to which `npm run simulate` writes what happens there */
export const CHAT_PORT = DEMO_PORT + 1;

/** Where customers write */
export const CHAT_URL = `http://127.0.0.1:${CHAT_PORT}/`;

/** Takes events for Kommo's list of events */
export const EVENTS_URL = `${CHAT_URL}events`;
