import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IN8nHttpFullResponse,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { ADDRESS_EXPECTED, toAccountHost } from '../../../credentials/accountAddress';
import { now } from './deadline';
import { describeError, SLOW } from './problem';
import { sendUntilAnswered } from './request';

/** How long the form of the credential waits, in ms */
const TIME_LIMIT = 10_000;

/** Tests the access token. Failures are described in the same words as those of all other requests. */
export async function accessTokenTest(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const host = toAccountHost(String(data.account ?? ''));
	if (!host) return { status: 'Error', message: ADDRESS_EXPECTED };
	// n8n gives the test of a credential no other way to send a request.
	const { helpers } = this;
	const send = async (timeout: number): Promise<IN8nHttpFullResponse> =>
		await helpers.request({
			method: 'GET',
			uri: `https://${host}/api/v4/account`,
			headers: { Authorization: `Bearer ${String(data.accessToken)}` },
			json: true,
			timeout,
			resolveWithFullResponse: true,
			simple: false,
			// The token must not follow a redirect to another host.
			followRedirect: false,
			followAllRedirects: false,
		});
	try {
		await sendUntilAnswered({ send }, { deadline: now() + TIME_LIMIT, outOfTime: SLOW });
		return { status: 'OK', message: 'Kommo accepts the token' };
	} catch (error) {
		return { status: 'Error', message: describeError(error) };
	}
}
