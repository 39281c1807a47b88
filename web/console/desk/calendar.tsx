/** The calendar by which working days are counted: each year with the paper that arranges it, and the days on which it differs from the week. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Table, Typography } from 'antd';
import { call } from '../../parts/api.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { State } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

const weekdays = [
  { zh: '周日', en: 'Sun' },
  { zh: '周一', en: 'Mon' },
  { zh: '周二', en: 'Tue' },
  { zh: '周三', en: 'Wed' },
  { zh: '周四', en: 'Thu' },
  { zh: '周五', en: 'Fri' },
  { zh: '周六', en: 'Sat' },
] as const;

export default function CalendarPage() {
  const say = useSay();
  const found = useQuery({ queryKey: ['calendar'], queryFn: ({ signal }) => call('GET /api/calendar', {}, signal) });
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '工作日历', en: 'Working calendar' })}</Typography.Title>
      <Typography.Paragraph type="secondary">
        {say({
          zh: '期限按工作日计算：办理开始的当天不计，周一至周五为工作日，以下日期另有安排。每年的安排一般在上一年 11 月前后公布，由数据资源局运营在控制台补入；没有安排的年份不推算。',
          en: 'Limits are counted in working days: the day of beginning does not count, Monday to Friday are worked, and the days below are arranged otherwise. A year is arranged about November of the year before and entered by the bureau’s operator; a year without an arrangement is not guessed.',
        })}
      </Typography.Paragraph>
      <Loaded query={found}>
        {({ calendars }) => (
          <Flex vertical gap={24}>
            {calendars.flatMap((c) =>
              c.years.toReversed().map((y) => (
                <section key={`${c.id} ${y.year}`}>
                  <Typography.Title level={4}>{say({ zh: `${y.year} 年`, en: String(y.year) })}</Typography.Title>
                  {y.basis === null ? (
                    <Alert
                      type="warning"
                      showIcon
                      title={say({
                        zh: '这一年的节假日安排还没有公布或补入，延续到这一年的期限暂时算不出截止日',
                        en: 'This year is not arranged yet: limits that run into it have no last day so far',
                      })}
                    />
                  ) : (
                    <>
                      <Typography.Paragraph>
                        {say({ zh: '依据：', en: 'By: ' })}
                        <span lang="zh-CN">{y.basis}</span>
                      </Typography.Paragraph>
                      <Table
                        size="small"
                        pagination={false}
                        rowKey={(d) => d.day}
                        dataSource={[...y.days]}
                        scroll={{ x: 'max-content' }}
                        columns={[
                          { title: say({ zh: '日期', en: 'Day' }), dataIndex: 'day' },
                          {
                            title: say({ zh: '星期', en: 'Weekday' }),
                            render: (_, d) => say(weekdays[new Date(`${d.day}T00:00:00Z`).getUTCDay()] ?? { zh: '' }),
                          },
                          {
                            title: say({ zh: '安排', en: 'Arrangement' }),
                            render: (_, d) => (
                              <State
                                tone={d.works ? 'attention' : 'good'}
                                words={d.works ? { zh: '调休上班', en: 'Worked' } : { zh: '放假', en: 'Off' }}
                              />
                            ),
                          },
                          { title: say({ zh: '为何', en: 'For' }), render: (_, d) => <span lang="zh-CN">{say(d.title)}</span> },
                        ]}
                      />
                    </>
                  )}
                </section>
              )),
            )}
          </Flex>
        )}
      </Loaded>
    </>
  );
}
