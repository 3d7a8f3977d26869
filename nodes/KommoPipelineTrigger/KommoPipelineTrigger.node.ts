import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type ICredentialTestFunctions,
	type ICredentialsDecrypted,
	type IHookFunctions,
	type INodeCredentialTestResult,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { accessTokenTest } from '../shared/api/accessTokenTest';
import { openApi } from '../shared/api/client';
import { now } from '../shared/api/deadline';
import { readEvents } from '../shared/decoding/payload';
import { NOT_KOMMO, toRefusal, WRONG_TOKEN, type Refusal } from '../shared/decoding/refusal';
import { readBody } from '../shared/decoding/request';
import { enrich } from '../shared/enrichment/enrichment';
import type { KommoEvent } from '../shared/event';
import { subtitle } from '../shared/panel/eventParameters';
import { searchPipelines, searchStages } from '../shared/panel/listSearch';
import { outputsExpression, toOutputs } from '../shared/routing/outputs';
import { passesFilters, takenBy } from '../shared/selection/selection';
import { properties } from './description';
import { CHOICES, codeOf, EVENTS } from './events';
import { listening, published, triggerPanel } from './firstEvent';
import { hints } from './hints';
import { readParameters } from './parameters';
import { findTokenProblem, isTokenValid } from './token';

const TOKEN_CREDENTIAL = 'kommoPipelineWebhookTokenApi';

export class KommoPipelineTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kommo Pipeline Trigger',
		name: 'kommoPipelineTrigger',
		icon: { light: 'file:kommoPipeline.svg', dark: 'file:kommoPipeline.dark.svg' },
		group: ['trigger'],
		// For version 1 n8n looks for the options of its own old Webhook node, at every request.
		version: 1.1,
		subtitle: subtitle(CHOICES, {
			codes: EVENTS.map(({ code }) => code),
			name: 'All Pipeline Events',
		}),
		description: "Starts the workflow when Kommo's digital pipeline sends a webhook",
		eventTriggerDescription: listening,
		activationMessage: published,
		triggerPanel,
		defaults: { name: 'Kommo Pipeline Trigger' },
		hints,
		inputs: [],
		outputs: outputsExpression(CHOICES),
		credentials: [
			{
				name: 'kommoPipelineWebhookTokenApi',
				required: true,
				testedBy: 'webhookTokenTest',
				displayOptions: { show: { verification: ['urlToken'] } },
			},
			{
				name: 'kommoPipelineAccessTokenApi',
				required: true,
				testedBy: 'accessTokenTest',
				displayOptions: { show: { authentication: ['accessToken'] } },
			},
			{
				name: 'kommoPipelineOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'kommo',
			},
		],
		properties,
	};

	methods = {
		listSearch: { searchPipelines, searchStages },
		credentialTest: {
			accessTokenTest,
			async webhookTokenTest(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
			): Promise<INodeCredentialTestResult> {
				const problem = findTokenProblem(readToken(credential.data));
				return problem
					? { status: 'Error', message: problem }
					: { status: 'OK', message: 'The token is long enough' };
			},
		},
	};

	/** Kommo has no API for the digital pipeline's webhooks: n8n only checks its own side. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				if (this.getNodeParameter('verification') === 'urlToken') {
					const problem = findTokenProblem(readToken(await this.getCredentials(TOKEN_CREDENTIAL)));
					if (problem) throw new NodeOperationError(this.getNode(), problem);
				}
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const received = now();
		if (!(await isVerified(this))) return refuse(this, WRONG_TOKEN);

		let body: string;
		try {
			body = await readBody(this.getRequestObject());
		} catch (error) {
			return refuse(this, toRefusal(error));
		}
		const events = readEvents(body);
		if (!events) return refuse(this, NOT_KOMMO);

		const { outputs, filters, options } = readParameters(this);
		const takenCode = (event: KommoEvent) => takenBy(codeOf(event), outputs.events);
		const selected = events.filter((event) => takenCode(event) && passesFilters(event, filters));
		if (selected.length === 0) return { webhookResponse: '' };

		const deadline = received + options.enrichmentTimeLimit;
		const enriched = options.enrich.length
			? await enrich(selected, options.enrich, deadline, () => openApi(this))
			: selected;
		const items = options.includeRawBody
			? enriched.map((event) => ({ ...event, raw_body: body }))
			: enriched;
		return { workflowData: toOutputs(items, outputs, takenCode) };
	}
}

async function isVerified(context: IWebhookFunctions): Promise<boolean> {
	if (context.getNodeParameter('verification') !== 'urlToken') return true;
	const { token } = context.getQueryData() as { token?: unknown };
	return isTokenValid(token, readToken(await context.getCredentials(TOKEN_CREDENTIAL)));
}

function readToken(credential: { token?: unknown } | undefined): string {
	return String(credential?.token ?? '');
}

function refuse(context: IWebhookFunctions, { status, message }: Refusal): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
