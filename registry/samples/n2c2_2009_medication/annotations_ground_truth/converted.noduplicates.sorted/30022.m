m="ceftriaxone" 2:2 2:2||do="nm"||mo="iv" 2:3 2:3||f="nm"||du="nm"||r="pneumonia" 2:5 2:5||ln="narrative"
