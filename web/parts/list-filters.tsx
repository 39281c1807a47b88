/** The filters above a list. */
import { Flex, Input, Select } from 'antd';
import { useEffect, useId, useState } from 'react';
import type { FilterSpec, Search } from './list-address.ts';
import { useSay } from './words.ts';

/** One control for each filter; changing one begins again at the first page. */
export function FilterBar({ filters, search, change }: { filters: readonly FilterSpec[]; search: Search; change(change: Search): void }) {
  const say = useSay();
  return filters.map(({ name, title, choices, day }) => {
    const value = search[name] === undefined ? '' : String(search[name]);
    const set = (v: string | undefined) => change({ [name]: v || undefined, page: undefined });
    if (choices)
      return (
        <Select
          key={name}
          aria-label={say(title)}
          placeholder={say(title)}
          allowClear
          showSearch={choices.length > 8 ? { optionFilterProp: 'label' } : false}
          style={{ minWidth: 140 }}
          value={value || null}
          options={choices.map((c) => ({ value: c.value, label: say(c.title) }))}
          onChange={(v: string | null) => set(v ?? undefined)}
        />
      );
    if (day) return <DayFilter key={name} title={say(title)} value={value} set={set} />;
    return <TextFilter key={name} title={say(title)} value={value} set={set} />;
  });
}

/** A text filter that asks the server when the typing pauses. */
function TextFilter({ title, value, set }: { title: string; value: string; set(value: string): void }) {
  const [typed, type] = useState(value);
  useEffect(() => type(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const wait = setTimeout(() => set(typed), 250);
    return () => clearTimeout(wait);
  });
  return (
    <Input
      aria-label={title}
      placeholder={title}
      allowClear
      style={{ flex: '1 1 150px', maxWidth: 220 }}
      value={typed}
      onChange={(e) => type(e.target.value)}
      onPressEnter={() => set(typed)}
    />
  );
}

/** A day as it is written everywhere, 2026-11-22: typed, because a browser's own field speaks the browser's language. */
function DayFilter({ title, value, set }: { title: string; value: string; set(value: string | undefined): void }) {
  const say = useSay();
  const id = useId();
  const [typed, type] = useState(value);
  useEffect(() => type(value), [value]);
  const change = (text: string) => {
    type(text);
    if (text === '' || isDay(text)) set(text || undefined);
  };
  return (
    <Flex wrap align="center" gap={4} style={{ minWidth: 0 }}>
      <label htmlFor={id}>{title}</label>
      <Input
        id={id}
        placeholder={say({ zh: '年-月-日', en: 'YYYY-MM-DD' })}
        allowClear
        maxLength={10}
        inputMode="numeric"
        style={{ width: 130 }}
        {...(typed.length === 10 && !isDay(typed) && { status: 'error' as const })}
        value={typed}
        onChange={(e) => change(e.target.value.trim())}
      />
    </Flex>
  );
}

/** True for a day that exists. */
const isDay = (text: string): boolean => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
};
