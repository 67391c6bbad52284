import { till } from '../../api.ts';
import { Field } from '../../part/field.tsx';
import { Notice } from '../../part/notice.tsx';
import { FormDialog } from '../../sales/form-dialog.tsx';
import { type Deciding, useDeciding } from './deciding.ts';
import { deskText } from './text.ts';

/** Asks why a trouble stays as it is. */
export function AcceptDialog(deciding: Deciding) {
  const { decide, field, problem, isBusy } = useDeciding(deciding, deskText.accepted);
  return (
    <FormDialog
      title={deskText.acceptTitle}
      lead={problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
      submit={{ label: deskText.acceptDo, icon: 'check', isDisabled: isBusy }}
      onSubmit={() => decide({ action: 'accept' }, (asked) => till.desk.accept(asked))}
      onClose={deciding.onClose}
    >
      <p>{deskText.acceptHint[deciding.item.kind]}</p>
      <Field label={deskText.note} hint={deskText.noteHint} {...field} maxLength={500} autoFocus />
    </FormDialog>
  );
}
