/** Of the n8n that `npm start` runs. */
export const DEMO_PORT = Number(process.env.PORT ?? 5678);

/**
 * The webhook id of the example workflow in that n8n. A known one is no risk there, unlike elsewhere: that
 * n8n listens on this machine only, and its data goes with it.
 */
export const DEMO_WEBHOOK_ID = 'demo';

export const DEMO_URL = `http://127.0.0.1:${DEMO_PORT}/webhook/${DEMO_WEBHOOK_ID}/kommo`;
