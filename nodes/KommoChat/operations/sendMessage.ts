import { UncertainError } from '../../shared/api/problem';
import { listMessages } from '../../shared/api/talks';
import type { JsonMap } from '../../shared/events/json';
import { answered, rememberAnswer } from '../answered';
import { claims, sends } from '../claims';
import { upload, type UploadedFile } from '../drive';
import { findFileType, kindOf } from '../fileType';
import { startLimits } from '../limits';
import type { Id } from '../parameters';
import { sendRefusals } from '../refusal';
import { findTalkId } from '../target';
import { reasonNotToSend, sortMessages, type Reason } from '../turn';
import { done, type Call, type Operation } from './operation';

const UNCERTAIN =
	'Kommo did not confirm the message, so it may or may not have been sent. Look in the chat before you send it again.';

/** In seconds. Mostly, the message is at most this old, and one request is enough. */
const DAY = 24 * 60 * 60;

/** Counts the messages that are sent with Only If Newest. */
let sending = 0;

/** Writes a message to the customer. Kommo accepts it, and delivers it later. */
export const sendMessage: Operation = async (call) => {
	const { api, parameters, isTool } = call;
	const attachment = String(parameters.option('attachment', ''));
	const text = attachment ? parameters.optionalText('text') : parameters.text('text');
	const onlyIfNewest = parameters.optionalText('onlyIfNewest').trim();
	// A model can change what the expression finds. If it found nothing, the message would always be sent.
	if (isTool && !onlyIfNewest && parameters.isExpression('onlyIfNewest')) {
		throw parameters.emptyError('onlyIfNewest');
	}
	const talk_id = await findTalkId(call);
	const file = attachment ? await uploadAttachment(call, attachment) : undefined;
	if (onlyIfNewest) {
		const reason = await findReason(call, talk_id, onlyIfNewest);
		if (reason) {
			claims.release(onlyIfNewest);
			return { outcome: 'leftAlone', reason };
		}
		const turn = { scope: String(talk_id), message: onlyIfNewest };
		if (!sends.take(turn, String(++sending), Date.now())) {
			return { outcome: 'leftAlone', reason: 'answered' };
		}
	}
	const body: JsonMap = { ...(text && { text }), ...(file && { attachment: { ...file } }) };
	const content = { body, uncertain: UNCERTAIN, refusals: sendRefusals };
	const answer = await api
		.request('POST', `talks/${talk_id}/send_message`, content, startLimits())
		.catch((error: unknown) => {
			if (!(error instanceof UncertainError)) sends.release(onlyIfNewest);
			throw error;
		});
	const { id = null } = answer.body ?? {};
	if (onlyIfNewest && id !== null) rememberAnswer(String(id), onlyIfNewest);
	return done({ talk_id, message_id: id, text });
};

/** Why this message is no longer the newest; nothing if it still is. */
async function findReason(
	{ api, isTool }: Call,
	talkId: Id,
	message: string,
): Promise<Reason | undefined> {
	const reasonIn = (talk: JsonMap[]) =>
		// A model could name the message that it has just sent.
		reasonNotToSend(sortMessages(talk, answered), message, { mustBeIncoming: isTool });
	const from = Math.floor(Date.now() / 1000) - DAY;
	const reason = reasonIn(await listMessages(api, talkId, startLimits(), from));
	if (reason !== 'no_message') return reason;
	return reasonIn(await listMessages(api, talkId, startLimits()));
}

async function uploadAttachment(
	{ api, context, item }: Call,
	property: string,
): Promise<UploadedFile & { type: string }> {
	const { mimeType, fileName } = context.helpers.assertBinaryData(item, property);
	const bytes = await context.helpers.getBinaryDataBuffer(item, property);
	const found = findFileType(bytes);
	const contentType = found?.mimeType ?? mimeType;
	const name = fileName ?? `file${found ? `.${found.extension}` : ''}`;
	return { type: kindOf(contentType), ...(await upload(api, { name, contentType, bytes })) };
}
