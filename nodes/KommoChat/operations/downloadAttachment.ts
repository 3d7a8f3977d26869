import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { isMap, type Json, type JsonMap } from '../../shared/events/json';
import { download } from '../download';
import { describeAttachment } from '../fileType';
import type { Operation } from './operation';

interface Attachment {
	link: string;
	fileName: string;
	/** Kommo's type of the message, e.g. `voice` */
	messageType: string;
}

/** Adds the files of the item's messages to the item, as binary data. */
export const downloadAttachment: Operation = async (call) => {
	const { context, item, parameters } = call;
	const input = context.getInputData()[item]!;
	const attachments = listAttachments(input.json as JsonMap);
	const link = parameters.optionalText('link').trim();
	const chosen = link ? [toAttachment(link, attachments)] : attachments;
	if (chosen.length === 0) {
		throw parameters.missingError(
			"Link is empty, and the item has no attachment. Put an IF node before this one that checks for an attachment, or enter {{ $('Get unanswered messages').item.json.attachments[0].link }} in Link, with the name of your node that has the message.",
		);
	}
	const binary: Record<string, IBinaryData> = { ...input.binary };
	for (const [index, { link, fileName, messageType }] of chosen.entries()) {
		const { bytes, mimeType: sent } = await download(context, link);
		const { fileName: name, mimeType } = describeAttachment(bytes, fileName, messageType, sent);
		const property = index === 0 ? 'data' : `data_${index}`;
		binary[property] = await context.helpers.prepareBinaryData(Buffer.from(bytes), name, mimeType);
	}
	return { outcome: 'done', items: [{ json: input.json as IDataObject, binary }] };
};

/** The attachments from Get Unanswered Messages, or the one of a message */
function listAttachments(item: JsonMap): Attachment[] {
	const listed = Array.isArray(item.attachments) ? item.attachments : [item, item.message ?? null];
	return listed.filter(isMap).flatMap((message) => {
		// Get Unanswered Messages lists the attachments themselves, not messages.
		const attachment = isMap(message.attachment) ? message.attachment : message;
		const { link } = attachment;
		if (typeof link !== 'string' || link === '') return [];
		return [readAttachment({ message_type: message.message_type ?? '', ...attachment })];
	});
}

function readAttachment({ link, file_name, message_type, type }: JsonMap): Attachment {
	return {
		link: String(link),
		fileName: textOf(file_name) || nameIn(String(link)),
		messageType: textOf(message_type) || textOf(type),
	};
}

/** The item may say more about a file than its link does. */
function toAttachment(link: string, attachments: Attachment[]): Attachment {
	const found = attachments.find((attachment) => attachment.link === link);
	return found ?? { link, fileName: nameIn(link), messageType: '' };
}

function nameIn(link: string): string {
	const path = URL.canParse(link) ? new URL(link).pathname : '';
	return path.split('/').at(-1) || 'attachment';
}

function textOf(value: Json | undefined): string {
	return typeof value === 'string' ? value : '';
}
