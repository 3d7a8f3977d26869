/** Posts a body the way Kommo does. */
export async function postAsKommo(url: string, body: string): Promise<Response> {
	return await fetch(url, {
		method: 'POST',
		headers: {
			'content-type': 'application/x-www-form-urlencoded',
			'user-agent': 'amoCRM-Webhooks/3.0',
		},
		body,
	});
}
