import './chips.css'

/** Words of a kind beside each other, such as scopes and addresses. */
export function Chips({ items, none }: { items: readonly string[]; none: string }) {
  if (items.length === 0) return <span>{none}</span>
  return (
    <span className="chips">
      {items.map((item) => (
        <span key={item} className="chip mono">
          {item}
        </span>
      ))}
    </span>
  )
}
