import type { SyncStatus } from '#shared/contract/till.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import { displayCount } from '../../part/money.ts';
import { Notice } from '../../part/notice.tsx';
import { refreshStatus, takeStatus } from '../../sync/status-store.ts';
import { copiesText } from './text.ts';

/** What happened to this till or its server that people should know, until somebody says so. */
export function WhatHappened({ notice }: { notice: NonNullable<SyncStatus['notice']> }) {
  const { title, detail } = copiesText.notices[notice.code];
  const understood = () => till.sync.noticeRead({ at: notice.at }).then(takeStatus, refreshStatus);
  return (
    <Notice tone="info" title={title} detail={detail(notice.operations, displayCount(notice.operations))}>
      <Button onPress={understood}>{copiesText.understood}</Button>
    </Notice>
  );
}
