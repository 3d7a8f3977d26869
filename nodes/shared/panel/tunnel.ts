const TUNNEL =
	'https://github.com/n8n-nodes-kommo-pipeline/n8n-nodes-kommo-pipeline/blob/main/docs/questions.md#tunnel';

/** For the panel of a webhook trigger, below the way to its first event */
export const TUNNEL_NOTE = `Is n8n on your own computer? Then Kommo can reach it only through a <a href="${TUNNEL}" target="_blank">tunnel</a>.`;
