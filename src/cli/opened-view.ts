import { requestName } from '../base/ids.ts';
import type { Opened } from '../requests/opening/open.ts';
import type { CommandContext } from './context.ts';
import { nextCommand } from './next-command.ts';
import { renderHeadline, requestMembers } from './request-view.ts';

/** What was opened, as JSON shows it: the first request, all of them, and what may be the same asked twice. */
function openedMembers({ requests, isRepeated, possibleDuplicates }: Opened): Record<string, unknown> {
  const members = requests.map((request) => requestMembers(request));
  return {
    request: members[0],
    requests: members,
    already_open: isRepeated,
    possible_duplicates: possibleDuplicates.map(({ of }) => requestName(of)),
  };
}

/** Shows what one mail or message opened, with the next command for each. */
export function showOpened(
  context: CommandContext,
  opened: Opened,
  more: Record<string, unknown> = {},
): void {
  const { requests, isRepeated, possibleDuplicates } = opened;
  context.output.result({ ...openedMembers(opened), ...more }, () => requests.map(renderHeadline).join('\n'));
  if (isRepeated) context.output.note('it was here already: the same foreign id is one request');
  const [first] = requests;
  if (first?.subject === undefined)
    context.output.note(
      first?.asked === undefined ? 'it names nobody' : 'nobody is known by this identifier',
    );
  for (const { request, of } of possibleDuplicates)
    context.output.note(
      `${requestName(of)} asks the same; if it is this one: dsr request duplicate ${requestName(request)} --of ${requestName(of)}`,
    );
  for (const request of requests) noteNext(context, nextCommand(request));
}

function noteNext({ output }: CommandContext, next: string | undefined): void {
  if (next !== undefined) output.note(`next: ${next}`);
}
