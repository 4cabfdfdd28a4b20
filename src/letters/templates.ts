import type { LetterKind } from './kinds.ts';

const HEAD = `  {{controller}}
  {{contact}}
{{?phone}}
  {{phone}}
{{/phone}}
{{?post}}
  {{post}}
{{/post}}

  {{today}}
  Our reference: {{request}}

{{addressee}}

`;

const FOOT = `
{{controller}}
`;

/** Where to turn to, at the end of what is not a yes. */
const REMEDIES = `{{appeal}}

{{statement_right}}

{{?complaint_steps}}
If you are not content you can complain to us:
{{#complaint_steps}}
- {{line}}
{{/complaint_steps}}

{{/complaint_steps}}
{{authority}}

{{court}}
`;

const ANSWER = `You asked us on {{received_on}} {{right}}. We answer under {{law}}.

{{complied}}

{{nothing_held}}
{{?searched}}

What we searched:
{{#searched}}
- {{line}}
{{/searched}}
{{/searched}}
{{?given}}

What the package with this letter holds:
{{#given}}
- {{line}}
{{/given}}
{{/given}}

{{package}}
{{?withheld}}

What we hold but may not send, because it would do harm in the wrong hands:
{{#withheld}}
- {{line}}
{{/withheld}}
{{/withheld}}
{{?done}}

What we have done:
{{#done}}
- {{line}}
{{/done}}
{{/done}}

{{here}}

{{bytes}}
{{?orders}}

What we have ordered of the systems of our service:
{{#orders}}
- {{line}}
{{/orders}}
{{/orders}}
{{?remains}}

What stays, and why:
{{#remains}}
- {{what}}{{?fields}}: {{fields}}{{/fields}}. It stays because {{why}} ({{exception}}). Until: {{until}}.
{{/remains}}

What stays is used for that and for nothing else.
{{/remains}}
{{?backups}}

Backups that still hold copies; they are not used, and end by themselves:
{{#backups}}
- {{line}}
{{/backups}}
{{/backups}}
{{?kept}}

What we keep of your request itself:
{{#kept}}
- {{line}}
{{/kept}}
{{/kept}}

{{explanation}}

{{record_kept}}

{{instead}}

`;

/** dsr's own templates: one text per kind, where laws differ by what they have to say. */
export const TEMPLATES: Readonly<Record<LetterKind, string>> = {
  acknowledgement: `${HEAD}We have your request of {{received_on}}: you asked us {{right}}. Our reference is {{request}}; please name it when you write to us. We treat it under {{law}}.

{{verification}}

{{?due_on}}
You can expect our answer by {{due_on}}. If we need longer, we tell you before that day, and why.
{{/due_on}}
{{^due_on}}
We answer promptly.
{{/due_on}}
{{?explanation}}

{{explanation}}
{{/explanation}}
${FOOT}`,

  extension: `${HEAD}You asked us on {{received_on}} {{right}}. We need more time for our answer, as {{law}} lets us take.

The reason: {{extension_reason}}

You can now expect our answer by {{due_on}}.
{{?explanation}}

{{explanation}}
{{/explanation}}
{{?complaint_steps}}

If you do not agree you can complain to us:
{{#complaint_steps}}
- {{line}}
{{/complaint_steps}}
{{/complaint_steps}}
{{^appeal}}

{{authority}}
{{/appeal}}
${FOOT}`,

  identity: `${HEAD}You asked us on {{received_on}} {{right}}. Before we can do that we have to make sure who asks, so that nobody can reach the data of somebody else.

Please show us:
{{#proofs}}
- {{line}}
{{/proofs}}

{{identity_use}}

{{no_fee}}

Please do not send us copies of identity papers that we did not ask for.
{{?due_on}}

We answer by {{due_on}}. If nothing has reached us by then we may have to refuse your request.
{{/due_on}}
{{?explanation}}

{{explanation}}
{{/explanation}}
${FOOT}`,

  clarification: `${HEAD}We have your message of {{received_on}}, and need to know more to do what you want:

{{question}}

An answer in your own words is enough. Meanwhile we go on with what is clear.
{{?due_on}}

We answer by {{due_on}}.
{{/due_on}}
${FOOT}`,

  code: `${HEAD}Somebody, we think you, asked us {{right}}. To show that this address is yours, tell us this code:

  {{code}}

{{?code_valid_until}}
It is good until {{code_valid_until}}, and once.
{{/code_valid_until}}
We never ask for it by telephone unless you have called us.

If you did not ask for anything, tell nobody the code and write to {{contact}}. Nothing happens without it.
${FOOT}`,

  waiting: `${HEAD}Somebody, we think you, asked us on {{received_on}} {{right}}, and has shown enough to be believed. We carry it out after {{waiting_until}}. Until then the data is only stored, and used for nothing.

{{stop_how}}

If this is what you want, you need do nothing.
${FOOT}`,

  answer: `${HEAD}${ANSWER}{{?complaint_steps}}
If you are not content you can complain to us:
{{#complaint_steps}}
- {{line}}
{{/complaint_steps}}

{{/complaint_steps}}
{{^appeal}}
{{authority}}
{{/appeal}}
${FOOT}`,

  'partial-answer': `${HEAD}${ANSWER}${REMEDIES}${FOOT}`,

  refusal: `${HEAD}You asked us on {{received_on}} {{right}}. We answer under {{law}}.

{{complied}}

The reason: {{reason}}
{{?explanation}}

On these facts: {{explanation}}
{{/explanation}}

{{instead}}

{{record_kept}}

${REMEDIES}${FOOT}`,
};
