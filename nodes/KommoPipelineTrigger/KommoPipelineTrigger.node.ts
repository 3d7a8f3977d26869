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

import { openApi } from '../shared/api/client';
import { now } from '../shared/api/deadline';
import { codeOf, OUTPUTS, outputOf } from './events';
import { ENRICHMENT_TIME_LIMIT, properties, subtitle } from './description';
import { enrich } from '../shared/enrichment/enrichment';
import { readEnrichments } from '../shared/enrichment/choice';
import { hints } from './hints';
import { searchPipelines, searchStages } from '../shared/panel/listSearch';
import { configuredOutputs, toOutputs, type OutputMode } from '../shared/routing/outputs';
import { readEvents } from '../shared/decoding/payload';
import { NOT_KOMMO, toRefusal, WRONG_TOKEN, type Refusal } from '../shared/decoding/refusal';
import { readBody } from '../shared/decoding/request';
import { isSelected, type Selection } from '../shared/selection/selection';
import { findTokenProblem } from './token';
import { triggerPanel } from './triggerPanel';
import { isTokenValid } from './token';

const TOKEN_CREDENTIAL = 'kommoPipelineWebhookTokenApi';

export class KommoPipelineTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kommo Pipeline Trigger',
		name: 'kommoPipelineTrigger',
		icon: { light: 'file:kommoPipeline.svg', dark: 'file:kommoPipeline.dark.svg' },
		group: ['trigger'],
		// For version 1 n8n looks for the options of its own old Webhook node, at every request.
		version: 1.1,
		subtitle,
		description: "Starts the workflow when Kommo's digital pipeline sends a webhook",
		eventTriggerDescription:
			'Waiting for an event at the Test URL: move a lead to the stage in Kommo, for example',
		activationMessage:
			"Events of Kommo now start this workflow. Make sure that Kommo's digital pipeline has the Production URL of the trigger, not its Test URL.",
		triggerPanel,
		defaults: { name: 'Kommo Pipeline Trigger' },
		hints,
		inputs: [],
		outputs: configuredOutputs(OUTPUTS),
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

		const selection = readSelection(this);
		const selected = events.filter((event) => isSelected(event, codeOf(event), selection));
		if (selected.length === 0) return { webhookResponse: '' };

		const { includeRawBody, enrich: chosen, enrichmentTimeLimit } = readOptions(this);
		const enrichments = readEnrichments(chosen);
		const enriched = enrichments.length
			? await enrich(selected, enrichments, received + enrichmentTimeLimit, () => openApi(this))
			: selected;
		const items = includeRawBody
			? enriched.map((event) => ({ ...event, raw_body: body }))
			: enriched;
		const mode = this.getNodeParameter('outputMode') as OutputMode;
		return { workflowData: toOutputs(items, mode, OUTPUTS, outputOf) };
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

function readSelection(context: IWebhookFunctions): Selection {
	return {
		events: context.getNodeParameter('events') as Selection['events'],
		otherEvents: context.getNodeParameter('otherEvents') as Selection['otherEvents'],
		filters: context.getNodeParameter('filters', {}) as Selection['filters'],
	};
}

interface Options {
	includeRawBody?: boolean;
	enrich?: unknown;
	/** In ms */
	enrichmentTimeLimit: number;
}

function readOptions(context: IWebhookFunctions): Options {
	const options = context.getNodeParameter('options', {}) as Partial<Options>;
	const { min, max, standard } = ENRICHMENT_TIME_LIMIT;
	const timeLimit = Number(options.enrichmentTimeLimit ?? standard) || standard;
	return { ...options, enrichmentTimeLimit: Math.min(Math.max(timeLimit, min), max) };
}

function refuse(context: IWebhookFunctions, { status, message }: Refusal): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
