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
import { now } from '../shared/api/deadline';
import type { Refusal } from '../shared/receiving/refusal';
import { subtitle } from '../shared/panel/eventParameters';
import { checkChoices } from '../shared/parameters';
import { searchPipelines } from '../shared/listSearch/searchPipelines';
import { searchStages } from '../shared/listSearch/searchStages';
import { receive, refuse } from '../shared/receiving/receive';
import { isTokenValid } from '../shared/receiving/token';
import { outputsExpression } from '../shared/routing/outputs';
import { properties } from './description';
import { CHOICES, codesOf, EVENTS } from './events';
import { listening, published, triggerPanel } from './firstEvent';
import { hints } from './hints';
import { findTokenProblem } from '../../credentials/webhookToken';

const TOKEN_CREDENTIAL = 'kommoPipelineWebhookTokenApi';

const WRONG_TOKEN: Refusal = {
	status: 401,
	message:
		'The token in the URL is missing or wrong. In Kommo, add ?token= and the token from the credential to the end of the webhook URL.',
};

export class KommoPipelineTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kommo Pipeline Trigger',
		name: 'kommoPipelineTrigger',
		icon: { light: 'file:kommoPipeline.svg', dark: 'file:kommoPipeline.dark.svg' },
		group: ['trigger'],
		// With version 1, n8n looks for the options of its own old Webhook node at every request.
		version: 1.1,
		subtitle: subtitle(CHOICES, {
			codes: EVENTS.map(({ code }) => code),
			name: 'All Pipeline Events',
		}),
		description:
			'Starts the workflow on stage changes, calls, emails and chats: you paste its URL in Kommo',
		eventTriggerDescription: listening,
		activationMessage: published,
		triggerPanel,
		builderHint: {
			searchHint:
				'Use it for leads that change their stage. The user pastes its URL under stages in Kommo. Each event in Trigger On has its own output, in the order of choosing. Its chat events have no text.',
		},
		defaults: { name: 'Kommo Pipeline Trigger' },
		hints,
		inputs: [],
		outputs: outputsExpression(CHOICES),
		credentials: [
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
			// It comes last: "Add your credential" in a list of pipelines opens the window of the first credential.
			{
				name: 'kommoPipelineWebhookTokenApi',
				required: true,
				testedBy: 'webhookTokenTest',
				displayOptions: { show: { verification: ['urlToken'] } },
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
				checkChoices(this, properties);
				if (this.getNodeParameter('verification') !== 'none') {
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
		return await receive(this, received, codesOf);
	}
}

async function isVerified(context: IWebhookFunctions): Promise<boolean> {
	if (context.getNodeParameter('verification') === 'none') return true;
	const { token } = context.getQueryData() as { token?: unknown };
	// If there is no credential, for example because it was deleted, no token is right.
	const credential = await context.getCredentials(TOKEN_CREDENTIAL).catch(() => undefined);
	return isTokenValid(token, readToken(credential));
}

function readToken(credential: { token?: unknown } | undefined): string {
	return String(credential?.token ?? '');
}
