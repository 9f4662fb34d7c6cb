package main

import "reflect"

// mutate makes a receiver's type from a sender's with one or two changes. Go decides whether a value fits.
func (g *generator) mutate(t reflect.Type, depth int) reflect.Type {
	if depth <= 0 || g.chance(4) {
		return g.edit(t, depth)
	}
	switch {
	case hasOwnBytes(t):
		return g.edit(t, depth)
	case t.Kind() == reflect.Slice:
		return sliceOf(g.mutate(t.Elem(), depth-1))
	case t.Kind() == reflect.Array:
		return reflect.ArrayOf(t.Len(), g.mutate(t.Elem(), depth-1))
	case t.Kind() == reflect.Map:
		return reflect.MapOf(g.mutateKey(t.Key()), g.mutate(t.Elem(), depth-1))
	case t.Kind() == reflect.Pointer:
		return pointerTo(g.mutate(t.Elem(), depth-1))
	case t.Kind() == reflect.Struct:
		return g.mutateStruct(t, depth)
	}
	return g.edit(t, depth)
}

func (g *generator) mutateKey(t reflect.Type) reflect.Type {
	if edited := g.edit(t, 1); g.chance(4) && edited.Comparable() && edited.Kind() != reflect.Pointer {
		return edited
	}
	return t
}

// edit changes the type itself.
func (g *generator) edit(t reflect.Type, depth int) reflect.Type {
	for _, widths := range numbers {
		if knows(widths, t) && !g.chance(4) {
			return pick(g, widths)
		}
	}
	switch g.IntN(8) {
	case 0:
		return pointerTo(t)
	case 1:
		if t.Kind() == reflect.Pointer {
			return t.Elem()
		}
	case 2:
		if !holdsInterface(t) {
			return g.typ(depth)
		}
	case 3:
		if t.Kind() == reflect.Array {
			return reflect.ArrayOf(t.Len()+1, t.Elem())
		}
	case 4:
		if t.Kind() == reflect.Array {
			return sliceOf(t.Elem())
		}
		if t.Kind() == reflect.Slice {
			return reflect.ArrayOf(2, t.Elem())
		}
	case 5:
		return anyType
	}
	return t
}

func (g *generator) mutateStruct(t reflect.Type, depth int) reflect.Type {
	if hasEmbedded(t) {
		return t
	}
	var fields []reflect.StructField
	names := map[string]bool{}
	for i := range t.NumField() {
		f := reflect.StructField{Name: t.Field(i).Name, Type: t.Field(i).Type}
		names[f.Name] = true
		// Go's decoder fails when it skips certain interfaces. Hence neither this nor edit lets one be skipped.
		isDroppable := !holdsInterface(f.Type)
		switch {
		case !isSent(t.Field(i)) || isDroppable && g.chance(6):
			continue
		case isDroppable && g.chance(8):
			f.Name += "2"
		case g.chance(3):
			f.Type = g.mutate(f.Type, depth-1)
		}
		fields = append(fields, f)
	}
	for i := range g.IntN(2) {
		name := pick(g, fieldNames)
		if !names[name] && i < 8 {
			fields = append(fields, reflect.StructField{Name: name, Type: g.typ(depth - 1)})
		}
	}
	g.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	return reflect.StructOf(fields)
}

// hasEmbedded reports whether Go would find more fields by promotion.
func hasEmbedded(t reflect.Type) bool {
	for i := range t.NumField() {
		if t.Field(i).Anonymous {
			return true
		}
	}
	return false
}

func holdsInterface(t reflect.Type) bool {
	return reaches(t, nil, func(part reflect.Type) bool { return part.Kind() == reflect.Interface })
}

// hasObjectKeys reports whether the type contains a map whose keys are objects in JavaScript, where an equal key
// is not found when values are merged.
func hasObjectKeys(t reflect.Type) bool {
	return reaches(t, nil, func(part reflect.Type) bool {
		return part.Kind() == reflect.Map && reaches(part.Key(), nil, func(key reflect.Type) bool {
			kind := key.Kind()
			isComposite := kind == reflect.Struct || kind == reflect.Array || kind == reflect.Interface
			return isComposite && !hasOwnBytes(key) || kind == reflect.Complex64 || kind == reflect.Complex128
		})
	})
}

// mayJoinKeys reports whether keys that differ in the sender's type may be equal in the receiver's, which lacks
// fields or digits. Then the last key wins, and maps are sent in random order.
func mayJoinKeys(sender, receiver reflect.Type) bool {
	return sender != receiver && reaches(receiver, nil, func(part reflect.Type) bool {
		return part.Kind() == reflect.Map && reaches(part.Key(), nil, func(key reflect.Type) bool {
			switch key.Kind() {
			case reflect.Struct, reflect.Interface, reflect.Float32, reflect.Complex64:
				return true
			}
			return false
		})
	})
}

// reaches reports whether the type, or a part of it, is the wanted one.
func reaches(t reflect.Type, open []reflect.Type, is func(reflect.Type) bool) bool {
	if knows(open, t) {
		return false
	}
	if is(t) {
		return true
	}
	open = append(open, t)
	switch {
	case hasOwnBytes(t):
		return false
	case t.Kind() == reflect.Map:
		return reaches(t.Key(), open, is) || reaches(t.Elem(), open, is)
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Pointer:
		return reaches(t.Elem(), open, is)
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			if isSent(t.Field(i)) && reaches(t.Field(i).Type, open, is) {
				return true
			}
		}
	}
	return false
}
