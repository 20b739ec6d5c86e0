"""What a search finds: words of Arabic, Kurdish and Latin script in their forms and spellings."""
