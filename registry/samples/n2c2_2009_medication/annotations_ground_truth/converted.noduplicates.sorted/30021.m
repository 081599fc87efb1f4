m="aspirin" 2:0 2:0||do="81 mg" 2:1 2:2||mo="nm"||f="daily" 2:3 2:3||du="nm"||r="nm"||ln="list"
m="furosemide" 3:0 3:0||do="nm"||mo="nm"||f="nm"||du="nm"||r="nm"||ln="narrative"
