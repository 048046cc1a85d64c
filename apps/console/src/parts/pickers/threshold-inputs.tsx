import { Button, NumberInput } from '@mantine/core'
import { RotateCcw } from 'lucide-react'
import type { ThresholdName, Thresholds } from '../../api/operation/settings.ts'
import { formatNumber } from '../words/format.ts'
import { ruleName } from '../words/rule-name.ts'
import { type ThresholdField, thresholdFields, toShown, toStored } from './thresholds.ts'
import './thresholds.css'

export type ThresholdChanges = Partial<Record<ThresholdName, number>>

interface Props {
  /** What holds where nothing is changed. */
  base: Thresholds
  /** What `base` is, behind its value: `in force`. */
  baseName: string
  changes: ThresholdChanges
  onChange: (changes: ThresholdChanges) => void
  /** Only these rules; all where absent. */
  rules?: readonly string[]
  disabled?: boolean
}

const fieldsOf = (name: string) => thresholdFields.filter(({ rule }) => rule === name)
const rules = [...new Set(thresholdFields.map(({ rule }) => rule))]

/** Thresholds rule by rule, beside what holds without a change. */
export function ThresholdInputs({ base, baseName, changes, onChange, rules: shown, disabled = false }: Props) {
  const change = ({ name }: ThresholdField, value: number | undefined) => {
    const { [name]: _, ...others } = changes
    onChange(value === undefined || value === base[name] ? others : { ...others, [name]: value })
  }
  return (
    <div className="thresholds">
      {rules
        .filter((rule) => shown === undefined || shown.includes(rule))
        .map((rule) => (
          <fieldset key={rule} className="thresholds-rule" data-fields={fieldsOf(rule).length}>
            <legend>{ruleName(rule)}</legend>
            <div className="thresholds-fields">
              {fieldsOf(rule).map((field) => (
                <ThresholdInput
                  key={field.name}
                  field={field}
                  base={base[field.name]}
                  baseName={baseName}
                  value={changes[field.name]}
                  onChange={(value) => change(field, value)}
                  disabled={disabled}
                />
              ))}
            </div>
          </fieldset>
        ))}
    </div>
  )
}

interface InputProps {
  field: ThresholdField
  base: number
  baseName: string
  value: number | undefined
  onChange: (value: number | undefined) => void
  disabled: boolean
}

function ThresholdInput({ field, base, baseName, value, onChange, disabled }: InputProps) {
  const { label, unit, min, max, decimals } = field
  const changed = value !== undefined
  return (
    <div className="thresholds-field" data-changed={changed || undefined}>
      <NumberInput
        label={label}
        value={toShown(field, value ?? base)}
        onChange={(next) => onChange(typeof next === 'number' ? toStored(field, next) : undefined)}
        suffix={` ${unit}`}
        thousandSeparator=","
        min={min}
        max={max}
        clampBehavior="blur"
        decimalScale={decimals}
        allowNegative={false}
        disabled={disabled}
        size="sm"
      />
      <div className="thresholds-base">
        {changed && `${formatNumber(toShown(field, base))} ${unit} ${baseName}`}
        {changed && (
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<RotateCcw size={12} />}
            onClick={() => onChange(undefined)}
            aria-label={`Back to what is ${baseName}: ${label}`}
          >
            Back
          </Button>
        )}
      </div>
    </div>
  )
}
