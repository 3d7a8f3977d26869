import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { KommoAccount } from '../../scripts/kommo/standIn/account';
import { toResponse } from '../../scripts/kommo/standIn/answers';
import { DRIVE_URL } from '../../scripts/kommo/standIn/drive';

/** A status, an error of n8n, or an answer. It can be only for requests whose name contains a text. */
export type Fault = number | Error | (Partial<IN8nHttpFullResponse> & { of?: string });

/** An account of Kommo in front of a built node, without a network */
export class KommoInMemory extends KommoAccount {
	/** The names of the requests so far, e.g. `POST talks/7/send_message` */
	asked: string[] = [];

	/** What the next requests get in place of Kommo's answers */
	faults: Fault[] = [];

	readonly answer = async (request: IHttpRequestOptions): Promise<IN8nHttpFullResponse> => {
		const { method = 'GET', url, body } = request;
		const { origin, pathname } = new URL(url);
		const name = `${method} ${origin === DRIVE_URL ? url : pathname.replace('/api/v4/', '')}`;
		this.asked.push(name);
		const fault = this.takeFault(name);
		if (fault instanceof Error) throw fault;
		if (fault !== undefined) {
			const given = typeof fault === 'number' ? { statusCode: fault } : fault;
			return { statusCode: 200, headers: {}, body: {}, ...given };
		}
		const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body ?? ''));
		return toResponse(this.answerApi({ method, url, body: bytes }));
	};

	/** What a node needs to use it with an access token */
	readonly access = {
		credentials: { kommoPipelineAccessTokenApi: { account: 'acme', accessToken: 'x' } },
		answer: this.answer,
	};

	private takeFault(name: string): Fault | undefined {
		const index = this.faults.findIndex(
			(fault) =>
				typeof fault === 'number' || fault instanceof Error || name.includes(fault.of ?? ''),
		);
		return index < 0 ? undefined : this.faults.splice(index, 1)[0];
	}
}
